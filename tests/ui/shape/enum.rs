use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
enum Product {
    Listed,
    Sold,
}

fn main() {}
