//! `Retriable` only if an event was not written, and `Unknown` only if that cannot be known.

use std::time::Duration;

use entity_events::testing::ProduceError;
use entity_events::{ErrorKind, Publish};
use entity_events_tests::tick::{Lost, Service, TOPIC, deletion, kafka, nowhere, numbers, soon, tick};

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_was_never_sent_is_retriable() {
    let mut config = nowhere();
    config.producer.delivery_timeout_ms = 300;
    let service = Service::new(&config).expect("a service");
    let error = soon("an answer", service.publish(tick(1, 1))).await.expect_err("no broker");
    assert_eq!(error.kind(), ErrorKind::Retriable, "{error}");
    assert!(error.to_string().starts_with("not published to"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeout_on_an_open_connection_is_unknown() {
    let (kafka, mut config) = kafka().await;
    config.producer.delivery_timeout_ms = 5_000;
    let service = Service::new(&config).expect("a service");
    service.publish(tick(1, 1)).await.expect("there is a connection");
    kafka.latency(1, 20_000).expect("broker 1");
    let error = soon("an answer", service.publish(tick(1, 2))).await.expect_err("too late");
    assert_eq!(error.kind(), ErrorKind::Unknown, "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_non_fatal_error_does_not_replace_the_client() {
    let (kafka, config) = kafka().await;
    let service = Service::new(&config).expect("a service");
    service.publish(tick(1, 0)).await.expect("published");
    kafka.fail_next_produce(ProduceError::InvalidProducerEpoch, 1).expect("a Kafka");
    // The first is in flight, alone, when the others come.
    kafka.latency(1, 500).expect("broker 1");
    service.emit(tick(1, 1)).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    for number in 2..=50 {
        service.emit(tick(1, number)).await;
    }
    service.flush(Duration::from_secs(20)).await.expect("delivered or lost");
    let report = service.close(Duration::ZERO).await;
    assert!(report.lost.iter().all(|lost| lost.kind == ErrorKind::Unknown), "{report:?}");
    let numbers = numbers(&kafka, usize::try_from(report.delivered).expect("a few")).await;
    assert!(numbers.is_sorted(), "in order: {numbers:?}");
    assert!(service.health().live, "{:?}", service.health());
    assert_eq!(service.stats().rebuilt, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_with_an_unknown_outcome_is_unknown() {
    let (kafka, mut config) = kafka().await;
    config.producer.queue_buffering_max_messages = 2;
    config.producer.delivery_timeout_ms = 5_000;
    config.producer.max_block_ms = 200;
    let service = Service::new(&config).expect("a service");
    service.publish(tick(1, 0)).await.expect("there is a connection");
    kafka.latency(1, 20_000).expect("broker 1");
    // The first two time out in flight; the queue has no space for the third, and the fourth must not overtake it.
    let batch: Vec<_> = (1..5).map(|number| tick(1, number)).collect();
    let ids: Vec<_> = batch.iter().map(|event| event.event_id).collect();
    let error = soon("an answer", service.publish_all(batch)).await.expect_err("too late, or no space");
    assert_eq!((error.kind(), error.unpublished()), (ErrorKind::Unknown, ids.as_slice()), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_error_lists_its_event_ids_in_order() {
    let mut config = nowhere();
    config.producer.delivery_timeout_ms = 300;
    let lost = Lost::default();
    let service = lost.service(&config);
    let batch = vec![tick(3, 1), deletion(1), tick(2, 1), deletion(3)];
    let ids: Vec<_> = batch.iter().map(|event| event.event_id).collect();
    let error = soon("an answer", service.publish_all(batch)).await.expect_err("no broker");
    assert_eq!(error.unpublished(), ids, "each once");
    let report = service.close(Duration::ZERO).await;
    assert_eq!(report.lost.len(), 6, "records: two of them are tombstones");
    assert!(report.lost.iter().all(|lost| ids.contains(&lost.id)), "{report:?}");
    assert_eq!(report.lost.iter().filter(|lost| lost.tombstone).count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_does_not_split_a_deletion_from_its_tombstone() {
    let (kafka, mut config) = kafka().await;
    config.producer.queue_buffering_max_messages = 1;
    let lost = Lost::default();
    let service = lost.service(&config);
    for round in 0..20 {
        if round % 2 == 0 {
            service.emit(deletion(1)).await;
        } else {
            service.publish(deletion(1)).await.expect("published");
        }
        service.flush(Duration::from_secs(10)).await.expect("delivered");
        // librdkafka frees the queue space shortly after the delivery report.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(lost.ids().is_empty(), "{:?}", lost.ids());
    let records = kafka.consume(TOPIC, 40).await.expect("the records");
    assert!(records.iter().enumerate().all(|(index, record)| record.value.is_some() == (index % 2 == 0)));
}
