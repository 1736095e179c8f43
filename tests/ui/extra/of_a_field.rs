use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(name: String))]
struct Product {
    id: u64,
    name: String,
}

fn main() {}
