use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(types(ProductPriced))]
struct Product {
    id: u64,
}

fn main() {}
