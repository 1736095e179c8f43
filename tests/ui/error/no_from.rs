use entity_events::EntityEvents;

#[derive(Debug)]
struct ProductError;

#[derive(Debug, Clone, EntityEvents)]
#[event(error = ProductError)]
struct Product {
    id: u64,
}

fn main() {}
