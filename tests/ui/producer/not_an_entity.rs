use entity_events::{EntityEvents, event_producer};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

struct Order;

#[event_producer(Product, Order)]
trait EventProducer {}

fn main() {}
