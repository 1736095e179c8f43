use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(type_prefix = "com acme")]
struct Product {
    id: u64,
}

fn main() {}
