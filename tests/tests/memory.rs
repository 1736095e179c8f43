//! Memory of events that cannot be sent. The tests run one at a time, so that nothing else grows meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use entity_events::kafka::{KafkaConfig, KafkaEventService};
use entity_events::{EntityEvents, Publish};
use entity_events_tests::memory::resident_kib;
use entity_events_tests::nowhere::refusing;
use entity_events_tests::tick::{nowhere, tick};
use tokio::sync::Mutex;
use uuid::Uuid;

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "book")]
struct Page {
    id: String,
    text: String,
}

static ALONE: Mutex<()> = Mutex::const_new(());

const EMITS: u64 = 150_000;

#[tokio::test]
async fn refused_events_and_long_keys_do_not_accumulate() {
    let _alone = ALONE.lock().await;
    let page = |id: String, text: String| PageEvent::new_created(&Page { id, text }, Uuid::nil());
    let mut config = KafkaConfig::<PageTopics>::new(refusing());
    config.producer.queue_buffering_max_messages = 1;
    let service = KafkaEventService::new(&config).expect("a service");
    service.emit(page("1".into(), String::new())).await;
    let before = resident_kib();
    // The allocator returns blocks above 32 MiB to the system at once.
    service.emit(page("1".into(), "x".repeat(50 * 1024 * 1024))).await;
    let grown = resident_kib().saturating_sub(before);
    assert!(grown < 10 * 1024, "{grown} KiB remain of an event of 50 MiB");

    let long = "x".repeat(20_000);
    for number in 0..3_000 {
        service.emit(page(format!("{long}{number}"), String::new())).await;
    }
    let grown = resident_kib().saturating_sub(before);
    assert!(grown < 40 * 1024, "{grown} KiB of 60 MB of keys");
    let report = service.close(Duration::ZERO).await;
    assert_eq!(report.lost.len() as u64 + report.lost_unlisted, 3_002);
    assert!(report.lost_unlisted > 1_000, "{} of {}", report.lost_unlisted, 3_002);
}

#[tokio::test(flavor = "multi_thread")]
async fn emits_without_a_broker_stay_within_the_queue_limit() {
    let _alone = ALONE.lock().await;
    let mut config = nowhere();
    config.producer.queue_buffering_max_kbytes = 4_096;
    let reported = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&reported);
    let service = KafkaEventService::builder(&config)
        .on_lost(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        })
        .build()
        .expect("a service");
    let before = resident_kib();
    let event = tick(1, 1);
    for _ in 0..EMITS {
        service.emit(event.clone()).await;
    }
    let grown = resident_kib().saturating_sub(before);
    let stats = service.stats();
    assert_eq!(stats.accepted, EMITS);
    let size = serde_json::to_vec(&event).expect("JSON").len() as u64;
    assert!(
        stats.queued > 0 && stats.queued * size <= 4_096 * 1024,
        "{} events of {size} bytes",
        stats.queued
    );
    // The queue with librdkafka's overhead per message, and the list of the first 100,000 lost events.
    assert!(grown < 100 * 1024, "{grown} KiB more");

    let report = service.close(Duration::ZERO).await;
    assert_eq!(report.delivered + report.lost.len() as u64 + report.lost_unlisted, EMITS);
    assert_eq!(
        reported.load(Ordering::SeqCst) + report.unreported,
        EMITS,
        "each event is reported or counted as unreported"
    );
}
