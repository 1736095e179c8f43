use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(rename_all = "camelCase")]
struct Product {
    id: u64,
    #[event(alias = "unitPrice")]
    unit_price: u64,
}

fn main() {}
