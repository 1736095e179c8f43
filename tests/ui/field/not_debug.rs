use entity_events::EntityEvents;

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Price(u64);

#[derive(Clone, EntityEvents)]
struct Product {
    id: u64,
    price: Price,
}

fn main() {}
