use entity_events::EntityEvents;

#[derive(Debug)]
struct ProductError;

#[derive(Debug, Clone, EntityEvents)]
#[event(error = ProductEror)]
struct Product {
    id: u64,
}

fn main() {}
