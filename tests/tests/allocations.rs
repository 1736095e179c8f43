//! What an event costs the allocator on the thread that emits it, beside what librdkafka takes for itself.

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

/// rdkafka takes the topic as a C string. JSON, key and headers are written into buffers that stay, and the entry that the
/// delivery report settles into a table.
#[test]
fn an_emitted_event_is_one_allocation() {
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
        // Beside them, the text of the time when a second begins, and the growth of the table.
        let beside = counted.count_total.abs_diff(emitted);
        assert!(beside < 80, "{beside} beside the one for each of {emitted}: {counted:?}");
        let _ = service.close(std::time::Duration::ZERO).await;
    });
}
