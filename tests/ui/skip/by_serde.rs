use entity_events::EntityEvents;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, EntityEvents)]
struct Product {
    id: u64,
    #[serde(skip)]
    note: String,
    #[serde(skip)]
    #[event(expose)]
    shown: String,
    #[serde(skip)]
    #[event(skip)]
    hidden: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
}

fn main() {}
