//! An event that cannot be published ends in an error that says what to do, within the configured time.

use std::time::{Duration, Instant};

use entity_events::{ErrorKind, Event, Publish, PublishError};
use entity_events_tests::domain::{KafkaConfig, KafkaEventService, Product, ProductEvent};
use entity_events_tests::kafka::Kafka;
use entity_events_tests::nowhere::{BlackHole, refusing};
use entity_events_tests::samples::{incompressible, lamp};
use uuid::Uuid;

/// Added to the configured time, because librdkafka checks for timeouts once a second.
const GRACE: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_topic_is_a_permanent_error_and_is_not_created() {
    let kafka = Kafka::shared();
    let mut config = kafka.config("missing", 1).await;
    "missing.produkt".clone_into(&mut config.product_topic);
    config.properties.insert("topic.metadata.propagation.max.ms".to_owned(), "2000".to_owned());
    let service = KafkaEventService::new(&config).expect("a service");

    let (error, waited) = refused(&service, created(&lamp())).await;
    assert_eq!(error.kind(), ErrorKind::Permanent, "{error}");
    assert!(error.to_string().contains("`missing.produkt`"), "{error}");
    assert!(waited < Duration::from_secs(2) + GRACE, "waited {waited:?}");
    assert!(!kafka.topics().contains(&config.product_topic), "a typo creates no topic");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_too_large_for_the_producer_is_a_permanent_error_at_once() {
    let kafka = Kafka::shared();
    let mut config = kafka.config("too-large-here", 1).await;
    config.producer.message_max_bytes = 20_000;
    let service = KafkaEventService::new(&config).expect("a service");

    let (error, waited) = refused(&service, created(&large(&lamp()))).await;
    assert_eq!(error.kind(), ErrorKind::Permanent, "{error}");
    assert!(error.to_string().contains("too large"), "{error}");
    assert!(waited < Duration::from_secs(1), "waited {waited:?}");
    service.publish(created(&lamp())).await.expect("the next event is published");
    assert_eq!(kafka.count(&config.product_topic), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_too_large_for_the_topic_does_not_affect_its_neighbours() {
    let kafka = Kafka::shared();
    let mut config = kafka.config("too-large-there", 1).await;
    "too-large-there.limited".clone_into(&mut config.product_topic);
    kafka.create_topic(&config.product_topic, 1, &[("max.message.bytes", "10000")]).await;
    let service = KafkaEventService::new(&config).expect("a service");

    let product = lamp();
    service.publish(created(&product)).await.expect("the event before is published");
    let (error, waited) = refused(&service, created(&large(&product))).await;
    assert_eq!(error.kind(), ErrorKind::Permanent, "{error}");
    assert!(error.to_string().contains("`max.message.bytes`"), "{error}");
    assert!(waited < Duration::from_secs(10), "waited {waited:?}");
    service.publish(created(&product)).await.expect("the event after is published");
    assert_eq!(kafka.count(&config.product_topic), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_connections_end_in_a_retriable_timeout() {
    assert_times_out(refusing()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unresponsive_broker_ends_in_a_retriable_timeout() {
    let silent = BlackHole::open();
    assert_times_out(silent.address()).await;
}

async fn assert_times_out(address: String) {
    const LIMIT: Duration = Duration::from_secs(2);
    let mut config = KafkaConfig::new(address);
    config.producer.delivery_timeout_ms = 2_000;
    let service = KafkaEventService::new(&config).expect("no broker is needed to make a service");

    let (error, waited) = refused(&service, created(&lamp())).await;
    assert_eq!(error.kind(), ErrorKind::Retriable, "{error}");
    assert!(error.to_string().contains(&config.bootstrap_servers), "{error}");
    assert!((LIMIT..LIMIT + GRACE).contains(&waited), "waited {waited:?}");
    let report = service.close(Duration::from_secs(1)).await;
    assert_eq!((report.delivered, report.lost.len()), (0, 1));
}

/// Publishes an event that has to be refused; returns the error and the time that it took.
async fn refused(service: &KafkaEventService, event: ProductEvent) -> (PublishError, Duration) {
    let (id, start) = (event.id(), Instant::now());
    let error = service.publish(event).await.expect_err("this event cannot be published");
    assert_eq!(error.unpublished(), [id]);
    (error, start.elapsed())
}

fn created(product: &Product) -> ProductEvent {
    ProductEvent::new_created(product, "Kitchen".to_owned(), Uuid::new_v4())
}

fn large(product: &Product) -> Product {
    let mut product = product.clone();
    product.description.0 = incompressible(100_000);
    product
}
