use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(crate = "entity_events")]
struct Product {
    id: u64,
}

fn main() {}
