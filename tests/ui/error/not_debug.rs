use entity_events::EntityEvents;

struct ProductError;

impl From<entity_events::PublishError> for ProductError {
    fn from(_: entity_events::PublishError) -> Self {
        Self
    }
}

#[derive(Debug, Clone, EntityEvents)]
#[event(error = ProductError)]
struct Product {
    id: u64,
}

fn main() {}
