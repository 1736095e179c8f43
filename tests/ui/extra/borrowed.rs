use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(category: &str))]
struct Product {
    id: u64,
}

fn main() {}
