use entity_events::{EntityEvents, event_producer};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

#[event_producer(Product, Product)]
trait EventProducer {}

async fn publish(events: &dyn EventProducer, event: ProductEvent) {
    events.emit_product_event(event).await;
}

fn main() {
    let _publish = publish;
}
