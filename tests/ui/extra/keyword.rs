use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(type: String))]
struct Product {
    id: u64,
}

fn main() {}
