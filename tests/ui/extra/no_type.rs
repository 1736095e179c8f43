use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(category_name))]
struct Product {
    id: u64,
}

fn main() {}
