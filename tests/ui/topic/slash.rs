use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(topic = "products/created")]
struct Product {
    id: u64,
}

fn main() {}
