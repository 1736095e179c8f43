use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product<'a> {
    id: u64,
    name: &'a str,
}

fn main() {}
