use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    name: &'static str,
}

fn main() {}
