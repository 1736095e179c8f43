use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(name = "stock item")]
struct Product {
    id: u64,
}

fn main() {}
