use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(price: u64, old_price: u64))]
struct Product {
    id: u64,
}

fn main() {}
