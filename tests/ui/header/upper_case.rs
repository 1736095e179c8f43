use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(header = "X-Kind")]
    kind: String,
}

fn main() {}
