use entity_events::EntityEvents;

#[derive(Debug)]
struct ProductError;

fn message(text: String) -> String {
    text
}

#[derive(Debug, Clone, EntityEvents)]
#[event(error = ProductError, map_error = message)]
struct Product {
    id: u64,
}

fn main() {}
