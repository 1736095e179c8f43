use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "catalog service")]
struct Product {
    id: u64,
}

fn main() {}
