//! Publishes that wait for space in a full queue do not block others, and are not overtaken.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use entity_events::testing::EmbeddedKafka;
use entity_events::{ErrorKind, Publish};
use entity_events_tests::tick::{Config, Lost, Service, TOPIC, TickEvent, kafka, numbers, soon, tick, until};

/// A service whose queue holds one event, which waits for the broker.
async fn full(lost: &Lost) -> (EmbeddedKafka, Config, Arc<Service>) {
    let (kafka, mut config) = kafka().await;
    config.producer.queue_buffering_max_messages = 1;
    config.producer.max_block_ms = 30_000;
    let service = Arc::new(lost.service(&config));
    service.publish(tick(1, 0)).await.expect("published");
    kafka.broker_down(1).expect("broker 1");
    // librdkafka frees a record's queue space shortly after its delivery report, and an emit does not wait for it.
    tokio::time::sleep(Duration::from_millis(100)).await;
    service.emit(tick(1, 1)).await;
    assert_eq!(service.stats().queued, 1);
    (kafka, config, service)
}

fn poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> bool {
    future.poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unpolled_publish_does_not_block_others() {
    let lost = Lost::default();
    let (kafka, _, service) = full(&lost).await;
    let mut forgotten = pin!(service.publish(tick(1, 2)));
    assert!(!poll_once(forgotten.as_mut()), "it waits for space");
    kafka.broker_up(1).expect("broker 1");
    // Although it is not polled again.
    until("the event that waited is delivered", || service.stats().delivered == 3).await;
    for number in 3..53 {
        soon("other publishes", service.publish(tick(2, number))).await.expect("there is space");
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    service.emit(tick(3, 53)).await;
    service.flush(Duration::from_secs(10)).await.expect("delivered");
    assert!(lost.ids().is_empty(), "{:?}", lost.ids());
    forgotten.await.expect("it was delivered before");
    let records = kafka.consume(TOPIC, 54).await.expect("the records");
    let first: Vec<_> = records.iter().filter(|record| record.key.as_deref() == Some("1")).collect();
    let numbers = first.iter().map(|record| record.json::<TickEvent>().expect("a tick").data.number);
    assert!(numbers.eq(0..3), "nothing was overtaken");
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_publishes_keep_their_order() {
    let lost = Lost::default();
    let (kafka, _, service) = full(&lost).await;
    let mut waiting: Vec<_> = (2..20).map(|number| Box::pin(service.publish(tick(1, number)))).collect();
    for publish in &mut waiting {
        assert!(!poll_once(publish.as_mut()));
    }
    service.emit(tick(1, 20)).await;
    assert_eq!(service.stats().lost, 1, "an emit does not wait, and does not overtake");
    kafka.broker_up(1).expect("broker 1");
    for publish in waiting {
        soon("space", publish).await.expect("there is space once the broker is back");
    }
    assert!(numbers(&kafka, 20).await.into_iter().eq(0..20));
}

#[tokio::test(flavor = "multi_thread")]
async fn max_block_ms_ends_the_wait_with_nothing_written() {
    let lost = Lost::default();
    let (kafka, mut config) = kafka().await;
    config.producer.queue_buffering_max_messages = 1;
    config.producer.max_block_ms = 300;
    let service = lost.service(&config);
    kafka.broker_down(1).expect("broker 1");
    service.emit(tick(1, 1)).await;
    let event = tick(1, 2);
    let error = soon("an answer", service.publish(event.clone())).await.expect_err("no space");
    assert_eq!((error.kind(), error.unpublished()), (ErrorKind::Retriable, &[event.event_id][..]), "{error}");
    assert!(error.to_string().contains("within 300 ms (`producer.max_block_ms`)"), "{error}");

    // This one is not polled again, and still times out.
    let event = tick(1, 3);
    let mut forgotten = Box::pin(service.publish(event.clone()));
    assert!(!poll_once(forgotten.as_mut()));
    until("the loss", || lost.ids().contains(&event.event_id)).await;
    assert_eq!(service.close(Duration::ZERO).await.unresolved, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_batch_stays_in_order() {
    let lost = Lost::default();
    let (kafka, _, service) = full(&lost).await;
    let mut batch = Box::pin(service.publish_all((2..50).map(|number| tick(1, number)).collect()));
    assert!(!poll_once(batch.as_mut()));
    kafka.broker_up(1).expect("broker 1");
    soon("the batch", batch).await.expect("published");
    assert!(numbers(&kafka, 50).await.into_iter().eq(0..50));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_stops_at_the_event_that_does_not_fit() {
    let (kafka, mut config) = kafka().await;
    config.producer.queue_buffering_max_messages = 2;
    config.producer.max_block_ms = 200;
    let service = Service::new(&config).expect("a service");
    kafka.broker_down(1).expect("broker 1");
    let batch: Vec<_> = (0..5).map(|number| tick(1, number)).collect();
    let ids: Vec<_> = batch.iter().map(|event| event.event_id).collect();
    let publish = tokio::spawn(async move { service.publish_all(batch).await });
    tokio::time::sleep(Duration::from_millis(600)).await;
    kafka.broker_up(1).expect("broker 1");
    let result = soon("the batch", publish).await.expect("no panic");
    let error = result.expect_err("no space for the third");
    assert_eq!((error.kind(), error.unpublished()), (ErrorKind::Retriable, &ids[2..]), "{error}");
    assert_eq!(numbers(&kafka, 2).await, [0, 1]);
}

#[tokio::test]
async fn a_large_batch_yields_to_other_tasks() {
    let (_kafka, config) = kafka().await;
    let service = Service::new(&config).expect("a service");
    let mut batch = pin!(service.publish_all((0..10_000).map(|number| tick(1, number)).collect()));
    let mut polls = 0;
    let polled = std::future::poll_fn(|context| {
        polls += 1;
        batch.as_mut().poll(context)
    });
    soon("the batch", polled).await.expect("published");
    assert!(polls > 10_000 / 1_000, "only {polls} polls");
}
