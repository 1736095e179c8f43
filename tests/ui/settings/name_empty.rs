use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(name = "")]
struct Product {
    id: u64,
}

fn main() {}
