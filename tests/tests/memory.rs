//! How much memory an outage takes. Alone in its process, so that nothing else grows meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use entity_events::kafka::{KafkaConfig, KafkaEventService};
use entity_events::{EntityEvents, Publish};
use entity_events_tests::memory::resident_kib;
use uuid::Uuid;

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "counter")]
struct Tick {
    id: u32,
    number: u64,
}

#[tokio::test(flavor = "multi_thread")]
async fn emits_without_a_broker_stay_within_the_queue() {
    const EMITS: u64 = 250_000;
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port");
    let mut config =
        KafkaConfig::<TickTopics> { bootstrap_servers: port.to_string(), ..KafkaConfig::default() };
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
    let event = TickEvent::new_created(&Tick { id: 1, number: 1 }, Uuid::nil());
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
    // The queue with librdkafka's overhead for each message, and the list of the first 100,000 lost events.
    assert!(grown < 100 * 1024, "{grown} KiB more");

    let report = service.close(Duration::ZERO).await;
    assert_eq!(report.delivered + report.lost.len() as u64 + report.lost_unlisted, EMITS);
    assert_eq!(
        reported.load(Ordering::SeqCst) + report.unreported,
        EMITS,
        "each event is reported, or counted"
    );
}
