use entity_events::EntityEvents;

#[derive(Debug, Clone)]
struct Name(String);

#[derive(Debug, Clone, EntityEvents)]
#[event(schema)]
struct Product {
    id: u64,
    name: Name,
}

fn main() {}
