use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    #[event(key)]
    sku: Option<String>,
}

fn main() {}
