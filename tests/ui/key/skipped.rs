use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    #[event(skip)]
    id: u64,
    name: String,
}

fn main() {}
