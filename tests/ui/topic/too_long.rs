use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(topic = "tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt")]
struct Product {
    id: u64,
}

fn main() {}
