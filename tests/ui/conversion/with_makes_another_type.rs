use entity_events::EntityEvents;

fn length(name: &String) -> usize {
    name.len()
}

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(with = length, ty = String)]
    name: String,
}

fn main() {}
