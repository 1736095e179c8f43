//! A producer that breaks is replaced behind the service.

use std::time::Duration;

use entity_events::testing::{EmbeddedKafka, ProduceError};
use entity_events::{ErrorKind, Publish};
use entity_events_tests::tick::{Service, kafka, numbers, tick, until};

/// What the cluster answers to a producer that it has lost track of: fatal for an idempotent one.
fn break_producer(kafka: &EmbeddedKafka) {
    kafka.fail_next_produce(ProduceError::OutOfOrderSequenceNumber, 1).expect("a Kafka");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_sent_again_in_order_by_another_producer() {
    let (kafka, config) = kafka().await;
    let service = Service::new(&config).expect("a service");
    service.publish(tick(1, 0)).await.expect("published");
    break_producer(&kafka);
    for number in 1..=500 {
        service.emit(tick(1, number)).await;
    }
    service.publish(tick(1, 501)).await.expect("callers never see a dead service");
    service.flush(Duration::from_secs(30)).await.expect("delivered");
    let health = service.health();
    assert!(health.live && health.ready && health.reason.is_none(), "{health:?}");
    let stats = service.stats();
    let report = service.close(Duration::ZERO).await;
    assert_eq!((stats.rebuilt, stats.delivered, stats.lost), (1, 502, 0), "{:?}", report.lost.first());
    let numbers = numbers(&kafka, 502).await;
    assert!(numbers.iter().copied().eq(0..=501), "each once, in order: {numbers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_producer_that_breaks_again_and_again_is_given_up() {
    let (kafka, config) = kafka().await;
    kafka.fail_next_produce(ProduceError::OutOfOrderSequenceNumber, 100).expect("a Kafka");
    let service = Service::new(&config).expect("a service");
    let error = service.publish(tick(1, 1)).await.expect_err("no producer lives long enough");
    assert_eq!(error.kind(), ErrorKind::Unknown, "eight producers tried");
    assert!(error.to_string().contains("broke too often"), "{error}");
    let stats = service.stats();
    assert_eq!((stats.rebuilt, stats.lost, stats.queued), (8, 1, 0));
    let health = service.health();
    assert!(!health.live, "{health:?}");
    assert_eq!(service.publish(tick(1, 2)).await.expect_err("it has ended").kind(), ErrorKind::Fatal);
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_while_a_producer_is_replaced_still_adds_up() {
    let (kafka, config) = kafka().await;
    kafka.fail_next_produce(ProduceError::OutOfOrderSequenceNumber, 100).expect("a Kafka");
    let service = Service::new(&config).expect("a service");
    for number in 0..100 {
        service.emit(tick(1, number)).await;
    }
    until("another producer", || service.stats().rebuilt > 0).await;
    service.emit(tick(1, 100)).await;
    let report = service.close(Duration::from_millis(100)).await;
    assert_eq!((report.delivered, report.lost.len(), report.lost_unlisted), (0, 101, 0));
    assert_eq!(service.stats().queued, 0);
}
