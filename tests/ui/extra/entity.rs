use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(entity: String))]
struct Product {
    id: u64,
}

fn main() {}
