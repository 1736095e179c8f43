use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(api_key: String))]
struct Product {
    id: u64,
}

fn main() {}
