use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(correlation_id: String))]
struct Product {
    id: u64,
}

fn main() {}
