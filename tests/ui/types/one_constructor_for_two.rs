use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
#[event(types(SKUSet, SkuSet))]
struct Product {
    id: u64,
}

fn main() {}
