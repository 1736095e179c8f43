use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(#[event(heeder = "x-tags")] tag: String))]
struct Product {
    id: u64,
}

fn main() {}
