use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(derive(ToSchema))]
struct Product {
    id: u64,
}

fn main() {}
