//! The log has the event's id, its destination and its outcome, never its content. One test, because the threads of
//! librdkafka log to the global subscriber.

use std::time::Duration;

use entity_events::kafka::KafkaEventService;
use entity_events::testing::EmbeddedKafka;
use entity_events::{EntityEvents, ErrorKind, Publish, PublishError};
use entity_events_tests::log::Log;
use tracing_subscriber::filter::LevelFilter;
use uuid::Uuid;

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "notes")]
struct Note {
    id: u32,
    #[event(header = "x-author")]
    author: String,
    text: String,
}

fn note(text: &str) -> NoteEvent {
    let note = Note { id: 1, author: "MARKED-HEADER".to_owned(), text: format!("MARKED-PAYLOAD {text}") };
    NoteEvent::new_created(&note, Uuid::nil())
}

/// A hand-written double that refuses everything.
#[derive(Debug)]
struct Down;

#[entity_events::async_trait]
impl NoteEventProducer for Down {
    async fn publish_note_event(&self, _: NoteEvent) -> Result<(), PublishError> {
        Err(PublishError::new(ErrorKind::Retriable, "away"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_outcome_is_logged_without_the_events_content() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .init();

    let kafka = EmbeddedKafka::start().await.expect("a Kafka");
    let mut config = kafka.config::<NoteTopics>();
    config.producer.delivery_timeout_ms = 2_000;
    let service = KafkaEventService::new(&config).expect("a service");

    let delivered = note("delivered");
    let id = delivered.event_id.to_string();
    let request = tracing::info_span!("request", number = 7);
    tracing::Instrument::instrument(service.publish(delivered), request).await.expect("published");
    let parts =
        [" INFO request{number=7}", &id, "NoteCreated", "int.note-update.event", "partition=", "offset=0"];
    log.line_with(&parts).await;

    let refused = note(&"x".repeat(1_000_001));
    let id = refused.event_id.to_string();
    service.publish(refused).await.expect_err("too large");
    log.line_with(&["ERROR", &id, "NoteCreated", "event refused", "too large"]).await;

    kafka.broker_down(1).expect("broker 1");
    let lost = note("lost");
    let id = lost.event_id.to_string();
    service.emit(lost).await;
    let report = service.close(Duration::from_millis(10)).await;
    log.line_with(&["ERROR", &id, "NoteCreated", "event lost", "int.note-update.event", "key=\"1\""]).await;
    assert!(format!("{report:?}").contains("key: \"1\""), "{report:?}");

    config.log_keys = false;
    let service = KafkaEventService::new(&config).expect("a service");
    let personal = NoteEvent::new_created(
        &Note { id: 1_234_567, author: "MARKED-HEADER".to_owned(), text: String::new() },
        Uuid::nil(),
    );
    let id = personal.event_id.to_string();
    service.emit(personal).await;
    let report = service.close(Duration::from_millis(10)).await;
    log.line_with(&["ERROR", &id, "NoteCreated", "event lost", "int.note-update.event"]).await;
    assert_eq!(report.lost[0].key, "1234567", "the report itself has the key");
    let logged = log.text();
    assert!(!format!("{logged} {report:?}").contains("1234567"), "the key is in {logged} {report:?}");

    let batch = vec![note("first"), note("second"), note("third")];
    let ids: Vec<_> = batch.iter().map(|event| event.event_id.to_string()).collect();
    Down.publish_note_events(batch).await.expect_err("the first is refused");
    for id in &ids[1..] {
        log.line_with(&["ERROR", id, "NoteCreated", "event not published", "in the batch"]).await;
    }
    assert!(!log.text().contains(&ids[0]), "the caller has the error of the first");
    let emitted = note("emitted");
    let id = emitted.event_id.to_string();
    Down.emit_note_event(emitted).await;
    log.line_with(&["ERROR", &id, "NoteCreated", "event not published", "away"]).await;

    let everything = format!("{} {service:?} {config:?}", log.text());
    assert!(!everything.contains("MARKED"), "content is in {everything}");
}
