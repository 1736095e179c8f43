use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(topic = "a b", extra(correlation_id: u64), types(Deleted))]
struct Product {
    id: u64,
}

fn main() {}
