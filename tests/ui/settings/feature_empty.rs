use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(feature = "")]
struct Product {
    id: u64,
}

fn main() {}
