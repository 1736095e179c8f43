use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(header = "ce_type")]
    kind: String,
}

fn main() {}
