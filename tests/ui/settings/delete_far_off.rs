use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(delete = "purge")]
struct Product {
    id: u64,
}

fn main() {}
