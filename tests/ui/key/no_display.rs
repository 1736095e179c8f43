use entity_events::EntityEvents;

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct ProductId(u64);

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: ProductId,
}

fn main() {}
