use entity_events::EntityEvents;

fn double(number: &u64) -> u64 {
    number * 2
}

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(with = double, ty = u64)]
    name: String,
}

fn main() {}
