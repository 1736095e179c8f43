use entity_events::EntityEvents;

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct UserId(u64);

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(user_id)]
    owner: UserId,
}

fn main() {}
