use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(version = "1.0", version = "2.0")]
struct Product {
    id: u64,
}

fn main() {}
