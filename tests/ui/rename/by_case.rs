use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(rename_all = "camelCase")]
struct Product {
    id: u64,
    unit_price: u64,
    #[event(rename = "unitPrice")]
    price: u64,
}

fn main() {}
