use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "catalog-service",, version = "1.0")]
struct Product {
    id: u64,
}

fn main() {}
