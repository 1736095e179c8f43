//! Allocations of an emit on the calling thread, not counting those within librdkafka.

use entity_events::kafka::{KafkaConfig, KafkaEventService};
use entity_events::{EntityEvents, Publish};
use uuid::Uuid;

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "counter")]
struct Tick {
    id: Uuid,
    text: String,
    #[event(header = "x-number")]
    number: u64,
}

fn tick() -> TickEvent {
    TickEvent::new_created(&Tick { id: Uuid::nil(), text: "x".repeat(400), number: 7 }, Uuid::nil())
}

/// The one allocation is the topic as a C string, which rdkafka needs. JSON, key and headers are written into reused buffers,
/// and the pending entry goes into a table.
#[test]
fn emit_allocates_once_per_event() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let nowhere = socket.local_addr().expect("an address").to_string();
    let config = KafkaConfig::<TickTopics>::new(nowhere);
    runtime.block_on(async {
        let service = KafkaEventService::new(&config).expect("a service");
        service.emit(tick()).await;
        let events: Vec<_> = (0..1_000).map(|_| tick()).collect();
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
