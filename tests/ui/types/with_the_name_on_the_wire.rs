use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(name = "Item", types(ItemPriced))]
struct Product {
    id: u64,
}

fn main() {}
