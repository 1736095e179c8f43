use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(updates(Updated))]
struct Product {
    id: u64,
}

fn main() {}
