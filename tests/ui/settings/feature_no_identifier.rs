use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(feature = "Stock-Item")]
struct Product {
    id: u64,
}

fn main() {}
