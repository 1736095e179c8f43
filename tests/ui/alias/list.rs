use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(alias("label", "title"))]
    name: String,
}

fn main() {}
