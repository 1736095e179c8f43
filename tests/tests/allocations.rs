//! Allocations of an emit on the calling thread, not counting those within librdkafka.

use entity_events::kafka::{KafkaConfig, KafkaEventService};
use entity_events::{EntityEvents, Publish};
use entity_events_tests::nowhere::BlackHole;
use uuid::Uuid;

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "notes")]
struct Note {
    id: Uuid,
    text: String,
    #[event(header = "x-number")]
    number: u64,
}

fn note() -> NoteEvent {
    NoteEvent::new_created(&Note { id: Uuid::nil(), text: "x".repeat(400), number: 7 }, Uuid::nil())
}

/// The one allocation is the topic as a C string, which rdkafka needs. JSON, key and headers are written into reused buffers,
/// and the pending entry goes into a table.
#[test]
fn emit_allocates_once_per_event() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let black_hole = BlackHole::open();
    let config = KafkaConfig::<NoteTopics>::new(black_hole.address());
    runtime.block_on(async {
        let service = KafkaEventService::new(&config).expect("a service");
        service.emit(note()).await;
        let events: Vec<_> = (0..1_000).map(|_| note()).collect();
        let mut events = events.into_iter();
        let mut emitted = 0;
        let counted = allocation_counter::measure(|| {
            let service = &service;
            for event in events.by_ref() {
                futures_util::FutureExt::now_or_never(service.emit(event)).expect("emit never waits");
                emitted += 1;
            }
        });
        assert_eq!(emitted, 1_000);
        // Extra: formatting the time once a second, and the growth of the table.
        let extra = counted.count_total.abs_diff(emitted);
        assert!(extra < 80, "{extra} more than one for each of {emitted}: {counted:?}");
        let _ = service.close(std::time::Duration::ZERO).await;
    });
}
