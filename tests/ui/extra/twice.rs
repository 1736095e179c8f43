use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(category: String, category: String))]
struct Product {
    id: u64,
}

fn main() {}
