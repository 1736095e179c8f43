//! A hand-written double beside the blanket implementation needs one method, also in a downstream crate.

use std::sync::{Arc, Mutex};

use entity_events::{EntityEvents, Event, PublishError, event_producer};

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
}

#[event_producer(Product)]
trait EventProducer {}

#[derive(Debug, Default)]
struct Double(Mutex<Vec<ProductEvent>>);

#[entity_events::async_trait]
impl ProductEventProducer for Double {
    async fn publish_product_event(&self, event: ProductEvent) -> Result<(), PublishError> {
        self.0.lock().unwrap().push(event);
        Ok(())
    }
}

#[derive(Debug)]
struct Downstream;

#[async_trait::async_trait]
impl entity_events_ui::ItemEventProducer for Downstream {
    async fn publish_stock_item_event(&self, _: entity_events_ui::ItemEvent) -> Result<(), PublishError> {
        Ok(())
    }
}

async fn generic<E: EventProducer + ?Sized>(events: &E, event: ProductEvent) {
    events.publish_product_event(event).await.unwrap();
}

fn main() {
    let double = Arc::new(Double::default());
    let events: Arc<dyn EventProducer> = double.clone();
    let event = || ProductEvent::new_created(&Product { id: 7 }, uuid::Uuid::nil());
    entity_events_ui::run(async move {
        events.publish_product_event(event()).await.unwrap();
        events.publish_product_events(vec![event(), event()]).await.unwrap();
        events.emit_product_event(event()).await;
    });
    entity_events_ui::run(generic(&*double, event()));
    let joined: Arc<dyn EventProducer> = double.clone();
    entity_events_ui::run(generic(&*joined, event()));
    let seen = double.0.lock().unwrap();
    assert_eq!(seen.len(), 6);
    assert!(seen.iter().all(|event| event.key() == "7"));

    let item = entity_events_ui::Item { id: 1 };
    let event = entity_events_ui::ItemEvent::new_deleted(&item, uuid::Uuid::nil());
    let downstream: &dyn entity_events_ui::ItemEventProducer = &Downstream;
    entity_events_ui::run(async { downstream.emit_stock_item_event(event).await });
}
