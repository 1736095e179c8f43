use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Größe {
    id: u64,
}

fn main() {}
