use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(schema)]
struct Product {
    id: u64,
}

fn main() {}
