use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(error = "ProductError")]
struct Product {
    id: u64,
}

#[derive(Debug)]
struct ProductError;

impl From<entity_events::PublishError> for ProductError {
    fn from(_: entity_events::PublishError) -> Self {
        Self
    }
}

fn main() {}
