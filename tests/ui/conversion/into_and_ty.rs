use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(into = String, ty = String)]
    name: String,
}

fn main() {}
