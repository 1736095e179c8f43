use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(with = String::len, ty = usize, into = usize)]
    name: String,
}

fn main() {}
