use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    #[event(kye)]
    sku: String,
}

fn main() {}
