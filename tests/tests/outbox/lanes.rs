//! Events reach Kafka if and only if their transaction commits.

use std::sync::Arc;
use std::time::Duration;

use entity_events::outbox::{OutboxRelay, PgOutbox};
use entity_events::testing::TopicReader;
use entity_events_tests::domain::{EventProducer, OrderEvent, ProductEvent, ProductEventProducer, Topics};
use entity_events_tests::kafka::Kafka;
use entity_events_tests::postgres::Postgres;
use entity_events_tests::samples::{lamp, order_of};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn collected_events_are_published_after_the_commit() {
    let (kafka, pool) = (Kafka::shared(), Postgres::shared().pool().await);
    let config = kafka.config("collected", 6).await;
    let outbox = PgOutbox::<Topics>::new(pool.clone(), &config);
    outbox.check().await.expect("the tables are there");
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");

    let lamp = lamp();
    let request = Uuid::new_v4();
    let collected = outbox.collect();
    let events: Arc<dyn EventProducer> = Arc::new(collected.clone());
    events
        .publish_product_event(ProductEvent::new_created(&lamp, "Kitchen".to_owned(), request))
        .await
        .expect("accepted");
    events.emit_order_event(OrderEvent::new_created(&order_of(&lamp, 1), request)).await;
    let tx = pool.begin().await.expect("a transaction");
    outbox.commit(tx, collected).await.expect("committed");

    let topics = [config.product_topic.as_str(), config.order_topic.as_str()];
    let reader = TopicReader::from_start(kafka.bootstrap_servers(), &topics).await.expect("a reader");
    let (_, records) = reader.read(2, Duration::from_secs(20)).await.expect("both arrive");
    assert_eq!(records.len(), 2);
    let report = relay.close(Duration::from_secs(10)).await;
    assert_eq!((report.delivered, report.unacknowledged, report.lease_returned), (2, 0, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_wakes_the_relay_of_its_process_and_through_a_standby_that_of_another() {
    let (kafka, pool) = (Kafka::shared(), Postgres::shared().pool().await);
    let mut config = kafka.config("woken", 3).await;
    // Nothing is found by polling.
    config.outbox.poll_interval_ms = 600_000;
    // Two outboxes wake two relays, as in two processes.
    let outboxes = [(); 2].map(|()| PgOutbox::<Topics>::new(pool.clone(), &config));
    let mut relays = Vec::new();
    for outbox in &outboxes {
        relays.push(OutboxRelay::builder(outbox, &config).start().await.expect("a relay"));
        // The second listens by then, too.
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    let topics = [config.product_topic.as_str()];
    let mut reader = TopicReader::from_start(kafka.bootstrap_servers(), &topics).await.expect("a reader");
    for outbox in &outboxes {
        let collected = outbox.collect();
        let event = ProductEvent::new_created(&lamp(), "Kitchen".to_owned(), Uuid::new_v4());
        collected.publish_product_event(event).await.expect("accepted");
        outbox.commit(pool.begin().await.expect("a transaction"), collected).await.expect("committed");
        (reader, _) = reader.read(1, Duration::from_secs(20)).await.expect("the relay was woken");
    }
    for relay in relays {
        let _ = relay.close(Duration::from_secs(10)).await;
    }
}
