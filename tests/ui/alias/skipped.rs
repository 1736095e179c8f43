use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(skip, alias = "label")]
    name: String,
}

fn main() {}
