use entity_events::EntityEvents;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Name(String);

#[derive(Debug, Clone, EntityEvents)]
#[event(schema)]
struct Product {
    id: u64,
    name: Name,
}

fn main() {}
