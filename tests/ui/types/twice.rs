use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(types(Priced, Priced))]
struct Product {
    id: u64,
}

fn main() {}
