use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(old: String))]
struct Product {
    id: u64,
}

fn main() {}
