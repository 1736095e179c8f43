use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(header = "x-kind")]
    kind: String,
    #[event(header = "x-kind")]
    sort: String,
}

fn main() {}
