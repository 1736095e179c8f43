//! `Self` in an entity means the entity.

use entity_events::EntityEvents;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, EntityEvents)]
struct Node {
    id: u64,
    #[event(with = Self::length, ty = usize)]
    name: String,
    parent: Option<Box<Self>>,
    #[event(with = |children: &Vec<Self>| children.len(), ty = usize)]
    children: Vec<Self>,
}

impl Node {
    fn length(name: &String) -> usize {
        name.len()
    }
}

fn main() {
    let leaf = Node { id: 1, name: "leaf".to_owned(), parent: None, children: Vec::new() };
    let node = Node { id: 2, name: "node".to_owned(), parent: Some(Box::new(leaf.clone())), children: vec![leaf] };
    let data = NodeEvent::new_created(&node, uuid::Uuid::nil()).data;
    assert_eq!((data.name, data.children), (4, 1));
    assert_eq!(data.parent.map(|parent| parent.id), Some(1));
}
