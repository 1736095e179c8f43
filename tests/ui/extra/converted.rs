use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(#[event(into = String)] category: u64))]
struct Product {
    id: u64,
}

fn main() {}
