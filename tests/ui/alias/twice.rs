use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(alias = "label", alias = "label")]
    name: String,
}

fn main() {}
