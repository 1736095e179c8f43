use entity_events::EntityEvents;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Price(u64);

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(default)]
    price: Price,
}

fn main() {}
