use entity_events::{EntityEvents, topics};

#[derive(Debug, Clone, EntityEvents)]
#[event(version = 2)]
struct Product {
    id: u64,
}

#[derive(Debug, Clone, EntityEvents)]
struct Order {
    number: u64,
}

#[topics(Product, Order, Order)]
struct Topics;

fn main() {}
