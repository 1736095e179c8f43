use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(serde::rename_all = "camelCase")]
struct Product {
    id: u64,
}

fn main() {}
