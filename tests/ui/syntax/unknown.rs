use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(partitions = 3)]
struct Product {
    id: u64,
}

fn main() {}
