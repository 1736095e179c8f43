use entity_events::{EntityEvents, event_producer};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

#[event_producer(crate = entity_events, Product)]
trait EventProducer {}

fn main() {}
