use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(map_error = ProductError::external_error)]
struct Product {
    id: u64,
}

#[derive(Debug)]
struct ProductError;

impl ProductError {
    fn external_error(_: String) -> Self {
        Self
    }
}

fn main() {}
