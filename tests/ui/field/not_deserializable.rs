use entity_events::EntityEvents;

#[derive(Debug, Clone, serde::Serialize)]
struct Price(u64);

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    price: Price,
}

fn main() {}
