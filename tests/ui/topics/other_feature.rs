use entity_events::{EntityEvents, topics};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

#[derive(Debug, Clone, EntityEvents)]
#[event(feature = "stock_item")]
struct Item {
    id: u64,
}

#[topics(Product, Item)]
struct Topics;

fn main() {}
