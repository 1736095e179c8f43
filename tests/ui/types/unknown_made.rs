use entity_events::{EntityEvents, UnknownEventType};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

fn main() {
    let _ = ProductEventType::Unknown(UnknownEventType("ProductDiscontinued"));
}
