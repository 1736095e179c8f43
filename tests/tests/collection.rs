//! A collection without an outbox, as a service that writes with a driver other than sqlx uses it.

use entity_events::outbox::{Collection, OutboxRow};
use entity_events_tests::domain::{Description, KafkaConfig, Product, ProductEvent, ProductEventProducer};
use entity_events_tests::samples::{incompressible, lamp};
use uuid::Uuid;

fn created(product: &Product) -> ProductEvent {
    ProductEvent::new_created(product, "Kitchen".to_owned(), Uuid::new_v4())
}

#[tokio::test]
async fn a_new_collection_has_the_topics_and_the_limit_of_the_configuration() {
    let mut config = KafkaConfig::new("localhost:9092");
    config.product_topic = "catalog.products".to_owned();
    config.producer.message_max_bytes = 2_000;
    let events = Collection::new(&config);
    let large = Product { description: Description(incompressible(2_000)), ..lamp() };

    events.publish_product_event(created(&lamp())).await.expect("accepted");
    let error = events.publish_product_event(created(&large)).await.expect_err("too large");
    assert!(error.to_string().contains("`producer.message_max_bytes` is 2000"), "{error}");

    let rows = events.into_rows().expect("the event that was accepted");
    assert_eq!(rows.iter().map(OutboxRow::topic).collect::<Vec<_>>(), ["catalog.products"]);
}
