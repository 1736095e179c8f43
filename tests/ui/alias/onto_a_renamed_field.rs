use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(rename = "label")]
    name: String,
    #[event(alias = "label")]
    title: String,
}

fn main() {}
