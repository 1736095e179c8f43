use std::sync::Arc;

use entity_events::EntityEvents;

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

fn generic<E: ProductEventProducer>(_: &E) {}

fn call(events: &Arc<dyn ProductEventProducer>) {
    generic(events);
}

fn main() {}
