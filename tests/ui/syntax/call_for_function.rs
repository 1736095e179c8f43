use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(with = length(), ty = usize)]
    name: String,
}

fn main() {}
