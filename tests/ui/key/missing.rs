use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    sku: String,
    name: String,
}

fn main() {}
