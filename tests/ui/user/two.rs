use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(user_id)]
    owner: String,
    #[event(user_id)]
    editor: String,
}

fn main() {}
