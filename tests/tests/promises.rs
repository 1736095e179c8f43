//! The promises of the service, on the embedded Kafka. (Those that need a real one are in `e2e`.)

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use entity_events::{ErrorKind, Publish};
use entity_events_tests::nowhere::BlackHole;
use entity_events_tests::tick::{
    Config, Lost, PATIENCE, Service, TOPIC, TickEvent, kafka, nowhere, numbers, tick, until,
};
use futures_util::FutureExt as _;

#[tokio::test(flavor = "multi_thread")]
async fn order_per_key_holds_across_emit_publish_and_publish_all() {
    let (kafka, config) = kafka().await;
    let service = Service::new(&config).expect("a service");
    let mut number = 0;
    let mut next = |id| {
        number += 1;
        tick(id, number)
    };
    for _ in 0..20 {
        for id in 0..10 {
            service.emit(next(id)).await;
        }
        service.publish_all((0..10).map(&mut next).collect()).await.expect("published");
        service.publish(next(3)).await.expect("published");
    }
    service.flush(PATIENCE).await.expect("delivered");
    let records = kafka.consume(TOPIC, 420).await.expect("all of them");
    let mut last: HashMap<String, u64> = HashMap::new();
    for record in records {
        let event: TickEvent = record.json().expect("a tick");
        let before = last.insert(record.key.expect("a key"), event.data.number).unwrap_or(0);
        assert!(before < event.data.number, "{before} before {}", event.data.number);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn publishes_waiting_for_space_do_not_overtake() {
    let (kafka, mut config) = kafka().await;
    config.producer.queue_buffering_max_messages = 1;
    config.producer.max_block_ms = 30_000;
    let lost = Lost::default();
    let service = Arc::new(lost.service(&config));
    service.publish(tick(1, 0)).await.expect("published");
    kafka.broker_down(1).expect("broker 1");
    // librdkafka frees a record's queue space shortly after its delivery report, and an emit does not wait for it.
    tokio::time::sleep(Duration::from_millis(100)).await;
    service.emit(tick(1, 1)).await;
    let waiting: Vec<_> = (2..5)
        .map(|number| {
            let service = Arc::clone(&service);
            tokio::spawn(async move { service.publish(tick(1, number)).await })
        })
        .collect();
    until("one is queued, and three wait for space", || service.stats().queued == 4).await;
    kafka.broker_up(1).expect("broker 1");
    for publish in waiting {
        publish.await.expect("no panic").expect("there is space once the broker is back");
    }
    let numbers = numbers(&kafka, 5).await;
    assert!(numbers.starts_with(&[0, 1]), "{numbers:?}");
    assert!(lost.ids().is_empty(), "nothing is lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn emit_returns_at_once_without_a_broker() {
    let black_hole = BlackHole::open();
    for config in [Config::new(black_hole.address()), nowhere()] {
        let service = Service::new(&config).expect("a service");
        let start = Instant::now();
        for number in 0..1_000 {
            service.emit(tick(1, number)).await;
        }
        assert!(start.elapsed() < Duration::from_secs(5), "{:?} for 1,000 emits", start.elapsed());
        assert_eq!(service.stats().queued, 1_000);
        let report = service.close(Duration::ZERO).await;
        assert_eq!((report.delivered, report.lost.len()), (0, 1_000));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_close_report_adds_up_under_load() {
    for broker in ["up", "down", "slow"] {
        let (kafka, mut config) = kafka().await;
        config.producer.queue_buffering_max_messages = 5_000;
        let lost = Lost::default();
        let service = Arc::new(lost.service(&config));
        match broker {
            "down" => kafka.broker_down(1).expect("broker 1"),
            "slow" => kafka.latency(1, 5_000).expect("broker 1"),
            _ => {}
        }
        let emitted = Arc::new(AtomicUsize::new(0));
        let tasks: Vec<_> = (0..64)
            .map(|id| {
                let (service, emitted) = (Arc::clone(&service), Arc::clone(&emitted));
                tokio::spawn(async move {
                    for number in 0..200 {
                        service.emit(tick(id, number)).await;
                        emitted.fetch_add(1, Ordering::SeqCst);
                        tokio::task::yield_now().await;
                    }
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(30)).await;
        let report = service.close(Duration::from_millis(300)).await;
        for task in tasks {
            task.await.expect("no panic");
        }
        assert!(report.lost_unlisted == 0, "{broker}");
        let stats = service.stats();
        assert_eq!(stats.accepted, 64 * 200, "{broker}");
        assert_eq!(stats.queued, 0, "{broker}");
        assert_eq!(stats.delivered, report.delivered, "{broker}: nothing is delivered after closing");
        assert_eq!(stats.delivered + stats.lost, stats.accepted, "{broker}");
        // `on_lost` gets events emitted after the report a moment later.
        until("every call of `on_lost`", || lost.ids().len() as u64 >= stats.lost).await;
        assert_eq!(lost.ids().len() as u64, stats.lost, "{broker}: `on_lost` gets each once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_event_has_id_type_topic_key_and_kind() {
    let lost = Lost::default();
    let service = lost.service(&nowhere());
    let event = tick(7, 1);
    service.emit(event.clone()).await;
    let report = service.close(Duration::ZERO).await;
    let [lost] = report.lost.as_slice() else { panic!("one: {report:?}") };
    assert_eq!(lost.id, event.event_id);
    assert_eq!(lost.event_type, "TickCreated");
    assert_eq!(lost.topic, TOPIC);
    assert_eq!(lost.key, "7");
    assert_eq!(lost.kind, ErrorKind::Retriable, "it was never sent");
    assert!(lost.error.contains("still queued when the service closed"), "{}", lost.error);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_publish_is_still_delivered() {
    let (kafka, config) = kafka().await;
    let service = Service::new(&config).expect("a service");
    service.publish(tick(1, 0)).await.expect("published");
    kafka.latency(1, 200).expect("broker 1");
    assert!(service.publish(tick(1, 1)).now_or_never().is_none(), "dropped after its first poll");
    service.flush(PATIENCE).await.expect("still delivered");
    assert_eq!(service.stats().delivered, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panicking_callback_does_not_stop_deliveries() {
    let (kafka, mut config) = kafka().await;
    config.producer.delivery_timeout_ms = 4_000;
    let service =
        Service::builder(&config).on_lost(|_| panic!("a bug in the callback")).build().expect("a service");
    kafka.broker_down(1).expect("broker 1");
    service.publish(tick(1, 0)).await.expect_err("timed out");
    kafka.broker_up(1).expect("broker 1");
    service.publish(tick(1, 1)).await.expect("later events are delivered");
}

#[test]
fn dropping_a_service_does_not_block_the_runtime() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let service = Service::new(&nowhere()).expect("a service");
        service.emit(tick(1, 1)).await;
        let start = Instant::now();
        drop(service);
        // Delivery is tried for ten seconds, which only the shutdown of the runtime waits for.
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    });
}

#[test]
fn a_dropped_service_delivers_before_its_runtime_ends() {
    let background = tokio::runtime::Runtime::new().expect("a runtime");
    let (kafka, config) = background.block_on(kafka());
    for make in [tokio::runtime::Builder::new_current_thread, tokio::runtime::Builder::new_multi_thread] {
        let runtime = make().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let service = Service::new(&config).expect("a service");
            for number in 0..100 {
                service.emit(tick(1, number)).await;
            }
            drop(service);
        });
    }
    // Outside a runtime the drop itself waits.
    let service = Service::new(&config).expect("a service");
    background.block_on(service.emit(tick(1, 100)));
    drop(service);
    let records = background.block_on(kafka.consume(TOPIC, 201)).expect("all of them");
    assert_eq!(records.len(), 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_started_without_a_broker_publishes_once_it_is_up() {
    let (kafka, config) = kafka().await;
    kafka.broker_down(1).expect("broker 1");
    let service = Arc::new(Service::new(&config).expect("no broker is needed"));
    let publish = tokio::spawn({
        let service = Arc::clone(&service);
        async move { service.publish(tick(1, 1)).await }
    });
    until("a reason in `health()`", || service.health().reason.is_some()).await;
    kafka.broker_up(1).expect("broker 1");
    publish.await.expect("no panic").expect("delivered");
    assert_eq!(service.health().reason, None, "a delivery clears the reason");
}

#[tokio::test(flavor = "multi_thread")]
async fn statistics_are_those_of_the_last_interval_if_enabled() {
    let (_kafka, mut config) = kafka().await;
    let silent = Service::new(&config).expect("a service");
    config.properties.insert("statistics.interval.ms".to_owned(), "50".to_owned());
    let service = Service::new(&config).expect("a service");
    service.publish(tick(1, 1)).await.expect("delivered");
    let statistics = || -> Option<serde_json::Value> {
        service.statistics().map(|text| serde_json::from_str(&text).expect("JSON"))
    };
    until("statistics", || statistics().is_some_and(|statistics| statistics["txmsgs"] == 1)).await;
    let statistics = statistics().expect("statistics");
    assert_eq!(statistics["topics"].as_object().map(serde_json::Map::len), Some(1));
    assert!(silent.statistics().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn health_reports_a_broker_that_accepts_but_never_answers() {
    let silent = BlackHole::open();
    let address = silent.address();
    let mut config = Config::new(address.clone());
    config.producer.delivery_timeout_ms = 500;
    let service = Service::new(&config).expect("a service");
    assert_eq!(service.health().reason, None);
    service.publish(tick(1, 1)).await.expect_err("nobody answers");
    let reason = service.health().reason.expect("a reason");
    assert!(reason.contains(&format!("no answer in time from `{address}`")), "{reason}");
}
