use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(topic = "product events")]
struct Product {
    id: u64,
}

fn main() {}
