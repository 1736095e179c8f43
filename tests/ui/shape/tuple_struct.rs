use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product(u64, String);

fn main() {}
