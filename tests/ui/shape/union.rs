use entity_events::EntityEvents;

#[derive(Clone, Copy, EntityEvents)]
union Product {
    id: u64,
    number: i64,
}

fn main() {}
