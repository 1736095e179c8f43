use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(category: String))]
struct Product {
    id: u64,
    #[event(rename = "category")]
    kind: String,
}

fn main() {}
