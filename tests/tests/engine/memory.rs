//! What stays in memory of events that cannot go.

use std::time::Duration;

use entity_events::kafka::{KafkaConfig, KafkaEventService};
use entity_events::{EntityEvents, Publish};
use entity_events_tests::memory::resident_kib;
use entity_events_tests::tick::{nowhere, soon};
use uuid::Uuid;

#[derive(Debug, Clone, EntityEvents)]
struct Page {
    id: String,
    text: String,
}

fn page(id: String, text: String) -> PageEvent {
    PageEvent::new_created(&Page { id, text }, Uuid::nil())
}

fn service() -> KafkaEventService<PageTopics> {
    let mut config = KafkaConfig::<PageTopics> {
        bootstrap_servers: nowhere().bootstrap_servers,
        ..KafkaConfig::default()
    };
    config.producer.queue_buffering_max_messages = 1;
    KafkaEventService::new(&config).expect("a service")
}

#[tokio::test]
async fn a_refused_event_leaves_no_buffer_behind_and_large_keys_fill_no_list() {
    let service = service();
    service.emit(page("1".into(), String::new())).await;
    let before = resident_kib();
    service.emit(page("1".into(), "x".repeat(50 * 1024 * 1024))).await;
    let grown = resident_kib().saturating_sub(before);
    assert!(grown < 10 * 1024, "{grown} KiB stay of an event of 50 MiB");

    let long = "x".repeat(20_000);
    for number in 0..5_000 {
        let key = format!("{long}{number}");
        service.emit(page(key, String::new())).await;
    }
    let grown = resident_kib().saturating_sub(before);
    assert!(grown < 60 * 1024, "{grown} KiB of keys");
    let report = soon("the report", service.close(Duration::ZERO)).await;
    assert_eq!(report.lost.len() as u64 + report.lost_unlisted, 5_002);
    assert!(report.lost_unlisted > 3_000);
}
