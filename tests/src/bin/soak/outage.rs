//! Memory over a long outage: a broker that accepts connections and never answers, and a service that keeps emitting.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use entity_events::kafka::{KafkaConfig, KafkaEventService};
use entity_events::{EntityEvents, Publish};
use entity_events_tests::memory::resident_kib;
use entity_events_tests::nowhere::BlackHole;
use uuid::Uuid;

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "soak")]
struct Note {
    id: u64,
    text: String,
}

const EMITS_A_SECOND: u64 = 5_000;

pub(crate) async fn run(minutes: u64) {
    let black_hole = BlackHole::open();
    let config = KafkaConfig::<NoteTopics>::new(black_hole.address());
    let reported = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&reported);
    let service = KafkaEventService::builder(&config)
        .on_lost(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        })
        .build()
        .expect("a service");
    println!("{EMITS_A_SECOND} emits a second for {minutes} min, default settings, broker unresponsive");
    println!("{:>6} {:>12} {:>12} {:>12} {:>10}", "s", "accepted", "queued", "lost", "RSS KiB");
    let start = Instant::now();
    let mut tick = tokio::time::interval(Duration::from_millis(10));
    let mut emitted = 0;
    for hundredth in 0..minutes * 60 * 100 {
        if hundredth % 3_000 == 0 {
            line(&service, start);
        }
        tick.tick().await;
        for _ in 0..EMITS_A_SECOND / 100 {
            let note = Note { id: emitted % 500, text: "x".repeat(223) };
            service.emit(NoteEvent::new_created(&note, Uuid::nil())).await;
            emitted += 1;
        }
    }
    line(&service, start);
    let report = service.close(Duration::ZERO).await;
    let lost = report.lost.len() as u64 + report.lost_unlisted;
    assert_eq!((report.delivered + lost, reported.load(Ordering::SeqCst)), (emitted, lost));
    println!("closed: {} delivered, {lost} lost, each reported once", report.delivered);
}

fn line(service: &KafkaEventService<NoteTopics>, start: Instant) {
    let stats = service.stats();
    println!(
        "{:>6} {:>12} {:>12} {:>12} {:>10}",
        start.elapsed().as_secs(),
        stats.accepted,
        stats.queued,
        stats.lost,
        resident_kib()
    );
}
