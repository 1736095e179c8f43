use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event = "catalog-service"]
struct Product {
    id: u64,
}

fn main() {}
