use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    #[event(schema)]
    id: u64,
}

fn main() {}
