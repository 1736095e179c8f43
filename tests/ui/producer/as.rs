use entity_events::{EntityEvents, event_producer};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

#[event_producer(Product as goods)]
trait EventProducer {}

fn main() {}
