use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(skip)]
struct Product {
    id: u64,
}

fn main() {}
