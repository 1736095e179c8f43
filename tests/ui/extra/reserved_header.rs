use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(#[event(header = "ce_id")] category: String))]
struct Product {
    id: u64,
}

fn main() {}
