use entity_events::{EntityEvents, PublishError, event_producer, topics};

#[derive(Debug, Clone, EntityEvents)]
#[event(error = ProductError, extra(category: String))]
struct Product {
    sku: u64,
    name: String,
}

#[derive(Debug)]
struct ProductError;

impl From<PublishError> for ProductError {
    fn from(_: PublishError) -> Self {
        Self
    }
}

#[event_producer(Product)]
trait EventProducer {}

#[topics(Product)]
struct Topics;

fn changed(product: &Product) -> ProductEvent {
    let event = ProductEvent::new_created(product, "Kitchen".to_owned(), uuid());
    let _name: &String = &event.data.name;
    let _text = format!("{event:?} {}", event.event_type);
    event.clone()
}

fn uuid() -> entity_events::Uuid {
    entity_events::Uuid::nil()
}

async fn publish(events: &dyn EventProducer, event: ProductEvent) -> Result<(), ProductError> {
    events.emit_product_event(event.clone()).await;
    events.publish_product_events(vec![event.clone()]).await?;
    events.publish_product_event(event).await
}

fn main() {
    let _topic = Topics::default().product_topic;
    let _own = ProductTopics::default().product_topic;
    let _events = (changed, publish);
}
