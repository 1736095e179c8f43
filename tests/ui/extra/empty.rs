use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra())]
struct Product {
    id: u64,
}

fn main() {}
