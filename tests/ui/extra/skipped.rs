use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(#[event(skip)] category: String))]
struct Product {
    id: u64,
}

fn main() {}
