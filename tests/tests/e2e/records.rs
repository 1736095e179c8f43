//! A consumer reads exactly the published events.

use std::sync::Arc;
use std::time::Duration;

use chrono::SecondsFormat;
use entity_events::Event;
use entity_events::testing::{ConsumedRecord, TopicReader};
use entity_events_tests::domain::{EventProducer, KafkaEventService, OrderEvent, Product, ProductEvent};
use entity_events_tests::kafka::Kafka;
use entity_events_tests::samples::{lamp, order_of};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn two_entities_arrive_with_key_partition_headers_and_json() {
    let kafka = Kafka::shared();
    let config = kafka.config("records", 6).await;
    let events: Arc<dyn EventProducer> = Arc::new(KafkaEventService::new(&config).expect("a service"));

    let before = lamp();
    let mut after = before.clone();
    after.description.0 = "A lamp for the \"desk\", dimmable: ☀".to_owned();
    let order = order_of(&after, 2);
    let request = Uuid::new_v4();
    let kitchen = || "Kitchen".to_owned();
    let products = [
        ProductEvent::new_created(&before, kitchen(), request),
        ProductEvent::new_updated(&before, &after, kitchen(), kitchen(), request),
        ProductEvent::new_deleted(&after, kitchen(), request),
    ];
    let orders = [OrderEvent::new_created(&order, request), OrderEvent::new_shipped(&order, request)];

    for event in &products {
        events.publish_product_event(event.clone()).await.expect("a product's event is published");
    }
    events.publish_order_events(orders.to_vec()).await.expect("an order's events are published");

    let records = read(kafka, &config.product_topic, products.len()).await;
    assert_match(&records, &products, &config.product_topic);
    let Product { id, user_id, .. } = &after;
    let [created, updated] = [&products[0], &products[1]].map(|event| (event.id(), time(event)));
    assert_eq!(
        records[0].text(),
        format!(
            r#"{{"event_id":"{}","event_type":"ProductCreated","timestamp":"{}","version":"1.0","data":{{"id":"{id}","user_id":"{user_id}","amount":"12.50","description":"A lamp for the desk","category_name":"Kitchen"}},"metadata":{{"source_service":"catalog-service","correlation_id":"{request}","user_id":"{user_id}"}}}}"#,
            created.0, created.1,
        )
    );
    assert_eq!(
        records[1].text(),
        format!(
            r#"{{"event_id":"{}","event_type":"ProductUpdated","timestamp":"{}","version":"1.0","data":{{"id":"{id}","user_id":"{user_id}","amount":"12.50","description":"A lamp for the \"desk\", dimmable: ☀","category_name":"Kitchen"}},"old_data":{{"id":"{id}","user_id":"{user_id}","amount":"12.50","description":"A lamp for the desk","category_name":"Kitchen"}},"metadata":{{"source_service":"catalog-service","correlation_id":"{request}","user_id":"{user_id}"}}}}"#,
            updated.0, updated.1,
        )
    );

    let records = read(kafka, &config.order_topic, orders.len()).await;
    assert_match(&records, &orders, &config.order_topic);
    assert_eq!(records[1].header("ce_type"), Some("OrderShipped"));
}

async fn read(kafka: &Kafka, topic: &str, n: usize) -> Vec<ConsumedRecord> {
    assert_eq!(kafka.count(topic), n, "records in `{topic}`");
    let reader = TopicReader::from_start(kafka.bootstrap_servers(), &[topic]).await.expect("a reader");
    reader.read(n, Duration::from_secs(20)).await.expect("the records").1
}

/// The records match the events: in order, on one partition, with the entity's key, headers and JSON.
fn assert_match<E: Event>(records: &[ConsumedRecord], events: &[E], topic: &str) {
    for (record, event) in records.iter().zip(events) {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(record.topic, topic);
        assert_eq!(record.partition, records[0].partition, "one key, one partition");
        assert_eq!(record.key, Some(event.key()));
        assert_eq!(record.text(), serde_json::to_string(event).expect("an event as JSON"));
        let read: E = record.json().expect("a consumer in Rust reads the event");
        assert_eq!(read.id(), event.id());
        assert_eq!(
            record.headers,
            [
                header("content-type", "application/json"),
                header("ce_specversion", "1.0"),
                header("ce_id", &event.id().to_string()),
                header("ce_source", "/catalog-service"),
                header("ce_type", event.event_type()),
                header("ce_time", &time(event)),
                header("ce_subject", &event.key()),
                header("ce_correlationid", &event.metadata().correlation_id.to_string()),
                header("ce_version", E::VERSION),
            ]
        );
    }
    assert_eq!(records.len(), events.len());
    assert!(records.is_sorted_by_key(|record| record.offset), "in the order of the calls");
}

fn time(event: &impl Event) -> String {
    event.timestamp().to_rfc3339_opts(SecondsFormat::Micros, true)
}
