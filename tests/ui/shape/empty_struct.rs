use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {}

fn main() {}
