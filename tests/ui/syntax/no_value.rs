use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(source)]
struct Product {
    id: u64,
}

fn main() {}
