use entity_events::{EntityEvents, topics};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

#[topics(Product)]
struct Topics {}

fn main() {}
