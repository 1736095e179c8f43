use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(types(price_changed))]
struct Product {
    id: u64,
}

fn main() {}
