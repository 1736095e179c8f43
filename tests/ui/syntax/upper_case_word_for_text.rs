use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(delete = Tombstone)]
struct Product {
    id: u64,
}

fn main() {}
