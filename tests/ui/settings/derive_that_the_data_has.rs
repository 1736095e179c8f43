use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(derive(Clone, PartialEq))]
struct Product {
    id: u64,
}

fn main() {}
