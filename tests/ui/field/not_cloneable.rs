use entity_events::EntityEvents;

#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Price(u64);

#[derive(Debug, EntityEvents)]
struct Product {
    id: u64,
    price: Price,
}

fn main() {}
