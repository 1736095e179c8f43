use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    #[event(key = true)]
    sku: String,
}

fn main() {}
