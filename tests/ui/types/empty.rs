use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(types())]
struct Product {
    id: u64,
}

fn main() {}
