//! What was published is checked event by event, and a failed check shows what was there.

use std::panic::{AssertUnwindSafe, catch_unwind};

use entity_events::kafka::KafkaEventService;
use entity_events::testing::{EmbeddedKafka, Published, RecordingProducer};
use entity_events::{EntityEvents, Publish};
use uuid::Uuid;

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "test", delete = "event_then_tombstone")]
struct Lamp {
    id: u32,
    watts: u32,
}

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "test")]
struct Bulb {
    id: u32,
}

fn created(id: u32, watts: u32) -> LampEvent {
    LampEvent::new_created(&Lamp { id, watts }, Uuid::nil())
}

async fn recorded() -> Published {
    let recording = RecordingProducer::default();
    recording.emit(created(7, 40)).await;
    recording.emit(BulbEvent::new_created(&Bulb { id: 3 }, Uuid::nil())).await;
    recording.published()
}

/// The message of the panic.
fn failure(check: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(check)).expect_err("the check fails");
    panic.downcast_ref::<String>().cloned().expect("a message")
}

#[tokio::test]
async fn events_of_all_kinds_in_order_and_nothing_else() {
    recorded()
        .await
        .then::<LampEvent>(LampEventType::Created)
        .key(7)
        .with(|event| event.data.watts == 40)
        .then::<BulbEvent>("BulbCreated")
        .nothing_else();
    RecordingProducer::default().published().nothing_else();
}

#[tokio::test]
async fn a_failed_check_shows_what_was_there() {
    const ALL: &str =
        "\n  1  LampCreated  key `7`  {\"id\":7,\"watts\":40}\n  2  BulbCreated  key `3`  {\"id\":3}";
    let at = |index: usize| {
        let line = format!("\n  {index}");
        ALL.replace(&line, &line.replace("\n ", "\n→"))
    };
    let seen = recorded().await;
    let lamp = || seen.clone().then::<LampEvent>(LampEventType::Created);
    let rows: [(&dyn Fn(), &str, String); 7] = [
        (
            &|| drop(lamp().then::<LampEvent>(LampEventType::Deleted)),
            "event 2: expected `LampDeleted`, found `BulbCreated`",
            at(2),
        ),
        (&|| drop(lamp().key(8)), "event 1: expected the key `8`, found `7`", at(1)),
        (
            &|| drop(lamp().with(|event| event.data.watts > 40)),
            "event 1: it is not as expected in `with`",
            at(1),
        ),
        (&|| lamp().nothing_else(), "event 2: expected nothing else, found 1 more", at(2)),
        (
            &|| {
                drop(
                    lamp()
                        .then::<BulbEvent>(BulbEventType::Created)
                        .then::<BulbEvent>(BulbEventType::Deleted),
                );
            },
            "event 3: expected `BulbDeleted`, found nothing more",
            ALL.to_owned(),
        ),
        (&|| drop(lamp().then_tombstone(7)), "event 2: expected a tombstone, found an event", at(2)),
        (
            &|| drop(lamp().then::<LampEvent>("BulbCreated")),
            "event 2: `BulbCreated` is no event of the feature `lamp`: ",
            at(2),
        ),
    ];
    for (check, problem, list) in rows {
        let message = failure(check);
        assert!(message.starts_with(problem), "{message}");
        assert!(message.ends_with(&format!("\npublished:{list}")), "{message}");
    }
    let nothing = failure(|| drop(RecordingProducer::default().published().then_tombstone(1)));
    assert_eq!(nothing, "event 1: expected a tombstone, found nothing more\npublished: nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_over_the_records_of_the_embedded_kafka() {
    let kafka = EmbeddedKafka::builder().topic("lamps", 1).start().await.expect("a Kafka");
    let mut config = kafka.config::<LampTopics>();
    "lamps".clone_into(&mut config.lamp_topic);
    let service = KafkaEventService::new(&config).expect("a service");
    service.publish(created(7, 40)).await.expect("published");
    service
        .publish(LampEvent::new_deleted(&Lamp { id: 7, watts: 40 }, Uuid::nil()))
        .await
        .expect("published");
    // More than it waits for.
    let published = kafka.published("lamps", 1).await.expect("at least one");
    let lamp =
        published.then::<LampEvent>(LampEventType::Created).key(7).with(|event| event.data.watts == 40);
    let deleted = lamp.then::<LampEvent>(LampEventType::Deleted);
    let more = failure(|| deleted.clone().nothing_else());
    assert!(more.ends_with("\n→ 3  LampDeleted  key `7`  (tombstone)"), "{more}");
    deleted.then_tombstone(7).nothing_else();
    let error = kafka.published("lamps", 4).await.expect_err("there are three");
    assert!(error.to_string().starts_with("received 3 of 4 records from `lamps`"), "{error}");
}
