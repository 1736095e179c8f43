use std::sync::Arc;

use entity_events::{EntityEvents, Event, Publish, PublishError, TopicFor, topics};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

#[derive(Debug, Clone, EntityEvents)]
struct Order {
    id: u64,
}

#[topics(Product)]
struct Topics;

/// As `kafka::KafkaEventService` does it.
#[derive(Debug)]
struct Service<T>(T);

impl<E: Event, T: TopicFor<E::Entity>> Publish<E> for Service<T> {
    async fn publish(&self, _: E) -> Result<(), PublishError> {
        Ok(())
    }
}

fn main() {
    let _products: Arc<dyn ProductEventProducer> = Arc::new(Service(Topics::default()));
    let _orders: Arc<dyn OrderEventProducer> = Arc::new(Service(Topics::default()));
}
