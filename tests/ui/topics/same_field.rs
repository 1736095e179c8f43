use entity_events::{EntityEvents, topics};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

mod shop {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    pub struct Product {
        id: u64,
    }
}

#[topics(Product, shop::Product)]
struct Topics;

fn main() {}
