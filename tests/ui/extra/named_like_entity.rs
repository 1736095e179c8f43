use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(product: String))]
struct Product {
    id: u64,
}

fn main() {}
