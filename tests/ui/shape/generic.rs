use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product<T> {
    id: u64,
    payload: T,
}

fn main() {}
