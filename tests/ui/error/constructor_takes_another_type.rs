use entity_events::EntityEvents;

#[derive(Debug)]
struct ProductError;

impl ProductError {
    fn code(_: u16) -> Self {
        Self
    }
}

#[derive(Debug, Clone, EntityEvents)]
#[event(error = ProductError, map_error = ProductError::code)]
struct Product {
    id: u64,
}

fn main() {}
