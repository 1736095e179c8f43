use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(alias = "Item")]
struct Product {
    id: u64,
}

fn main() {}
