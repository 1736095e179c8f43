use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(types(Priced), updates(Priced))]
struct Product {
    id: u64,
}

fn main() {}
