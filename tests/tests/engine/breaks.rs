//! A broken client is replaced at once, also under load.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

use entity_events::Publish;
use entity_events::kafka::ProducerSettings;
use entity_events::testing::ProduceError;
use entity_events_tests::tick::{Lost, kafka, numbers, soon, tick};

#[tokio::test(flavor = "multi_thread")]
async fn replacement_under_load_loses_nothing_and_does_not_stall() {
    let (kafka, mut config) = kafka().await;
    config.producer = ProducerSettings::throughput();
    config.producer.linger_ms = 5;
    config.producer.allow_auto_create_topics = true;
    let lost = Lost::default();
    let service = Arc::new(lost.service(&config));
    let (over, emitted) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
    let load = tokio::spawn({
        let (service, over, emitted) = (Arc::clone(&service), Arc::clone(&over), Arc::clone(&emitted));
        async move {
            let mut clock = tokio::time::interval(Duration::from_millis(10));
            while !over.load(SeqCst) {
                clock.tick().await;
                for _ in 0..30 {
                    service.emit(tick(1, emitted.fetch_add(1, SeqCst))).await;
                }
            }
        }
    });
    let mut slowest = Duration::ZERO;
    // Several requests are in flight when the client breaks, and some responses put records back into its queue.
    kafka.latency(1, 20).expect("broker 1");
    for round in 0..16 {
        kafka.fail_next_produce(ProduceError::OutOfOrderSequenceNumber, 1).expect("a Kafka");
        kafka.fail_next_produce(ProduceError::NotEnoughReplicas, round % 4).expect("a Kafka");
        tokio::time::sleep(Duration::from_millis(100)).await;
        let start = Instant::now();
        soon("an answer", service.publish(tick(2, 0))).await.expect("published by the next client");
        slowest = slowest.max(start.elapsed());
    }
    over.store(true, SeqCst);
    load.await.expect("no panic");
    service.flush(Duration::from_secs(30)).await.expect("delivered");
    let stats = service.stats();
    assert!(stats.rebuilt >= 8, "{stats:?}");
    assert_eq!((stats.lost, lost.ids().len()), (0, 0), "{stats:?}");
    assert!(slowest < Duration::from_secs(5), "a publish took {slowest:?}");
    let count = usize::try_from(stats.delivered).expect("a few");
    let emitted = emitted.load(SeqCst);
    let mut expected = 0;
    for number in numbers(&kafka, count).await {
        // Records that were tried before may be there twice.
        expected = expected.max(number + 1);
    }
    assert_eq!(expected, emitted);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_publish_succeeds_however_often_clients_break() {
    let (kafka, config) = kafka().await;
    let service = Lost::default().service(&config);
    for number in 0..6 {
        kafka.fail_next_produce(ProduceError::OutOfOrderSequenceNumber, 1 + number % 3).expect("a Kafka");
        let publish = service.publish(tick(1, number as u64));
        soon("an answer", publish).await.expect("published by the next client");
    }
    let report = service.close(Duration::from_secs(5)).await;
    assert_eq!((report.delivered, report.lost.len(), report.unresolved), (6, 0, 0));
}
