use entity_events::{EntityEvents, topics};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

type Goods = Product;

#[topics(Goods)]
struct Topics;

fn main() {}
