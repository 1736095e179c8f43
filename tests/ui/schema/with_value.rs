use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(schema = "v1")]
struct Product {
    id: u64,
}

fn main() {}
