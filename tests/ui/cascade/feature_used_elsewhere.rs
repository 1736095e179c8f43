use entity_events::{EntityEvents, topics};

#[derive(Debug, Clone, EntityEvents)]
#[event(feature = "Buyer")]
struct Customer {
    id: u64,
}

#[topics(Customer as buyer)]
struct Topics;

async fn publish(events: &dyn CustomerEventProducer, event: CustomerEvent) {
    events.emit_buyer_event(event).await;
}

fn main() {}
