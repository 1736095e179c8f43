use std::sync::Arc;

use entity_events::{EntityEvents, Event, Publish, PublishError, TopicFor, event_producer, topics};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

#[derive(Debug, Clone, EntityEvents)]
struct Order {
    id: u64,
}

#[event_producer(Product, Order)]
trait EventProducer {}

#[topics(Product)]
struct Topics;

/// Bound as `KafkaEventService` is, which this crate does not build.
#[derive(Debug)]
struct Service<T>(T);

impl<E: Event, T: TopicFor<E::Entity>> Publish<E> for Service<T> {
    async fn publish(&self, _: E) -> Result<(), PublishError> {
        Ok(())
    }
}

fn main() {
    let _events: Arc<dyn EventProducer> = Arc::new(Service(Topics::default()));
}
