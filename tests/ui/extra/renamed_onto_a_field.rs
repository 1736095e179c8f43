use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(#[event(rename = "id")] tag: String))]
struct Product {
    id: u64,
}

fn main() {}
