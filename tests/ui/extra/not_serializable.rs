use entity_events::EntityEvents;

#[derive(Debug, Clone)]
struct Price(u64);

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(price: Price))]
struct Product {
    id: u64,
}

fn main() {}
