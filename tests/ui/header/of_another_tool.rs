use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(header = "id")]
    kind: String,
}

fn main() {}
