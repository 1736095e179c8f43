//! The service replaces a broken producer.

use std::time::Duration;

use entity_events::testing::{EmbeddedKafka, ProduceError};
use entity_events::{ErrorKind, Publish};
use entity_events_tests::tick::{Service, kafka, numbers, tick, until};

/// Makes the cluster answer as if it had lost track of the producer, which is fatal for an idempotent one.
fn break_producer(kafka: &EmbeddedKafka) {
    kafka.fail_next_produce(ProduceError::OutOfOrderSequenceNumber, 1).expect("a Kafka");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_producer_resends_everything_in_order() {
    let (kafka, config) = kafka().await;
    let service = Service::new(&config).expect("a service");
    service.publish(tick(1, 0)).await.expect("published");
    break_producer(&kafka);
    for number in 1..=500 {
        service.emit(tick(1, number)).await;
    }
    service.publish(tick(1, 501)).await.expect("callers do not notice");
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
async fn the_service_gives_up_after_eight_broken_producers() {
    let (kafka, config) = kafka().await;
    kafka.fail_next_produce(ProduceError::OutOfOrderSequenceNumber, 100).expect("a Kafka");
    let service = Service::new(&config).expect("a service");
    let error = service.publish(tick(1, 1)).await.expect_err("no producer lives long enough");
    assert_eq!(error.kind(), ErrorKind::Unknown, "eight producers tried to write it");
    assert!(error.to_string().contains("broke too often"), "{error}");
    let stats = service.stats();
    assert_eq!((stats.rebuilt, stats.lost, stats.queued), (8, 1, 0));
    let health = service.health();
    assert!(!health.live, "{health:?}");
    assert_eq!(
        service.publish(tick(1, 2)).await.expect_err("the service has given up").kind(),
        ErrorKind::Fatal
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_close_report_adds_up_during_replacement() {
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
