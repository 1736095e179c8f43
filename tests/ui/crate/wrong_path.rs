use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(crate = ::entity_event)]
struct Product {
    id: u64,
}

fn main() {}
