use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(types(Unknown))]
struct Product {
    id: u64,
}

fn main() {}
