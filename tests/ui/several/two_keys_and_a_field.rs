use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(sorce = "catalog-service", version = "")]
struct Product {
    id: u64,
    #[event(header = "ce_id")]
    name: String,
    password: String,
}

fn main() {}
