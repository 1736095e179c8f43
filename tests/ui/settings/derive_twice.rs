use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(derive(PartialEq, PartialEq))]
struct Product {
    id: u64,
}

fn main() {}
