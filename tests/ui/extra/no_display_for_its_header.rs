use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(#[event(header = "x-tags")] tags: Vec<String>))]
struct Product {
    id: u64,
}

fn main() {}
