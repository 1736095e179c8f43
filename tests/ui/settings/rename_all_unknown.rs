use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(rename_all = "camel_case")]
struct Product {
    id: u64,
}

fn main() {}
