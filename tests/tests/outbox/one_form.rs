//! An event is the same record on every way to Kafka.

use std::time::Duration;

use entity_events::kafka::KafkaEventService;
use entity_events::outbox::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use entity_events::outbox::sqlx::{Executor, Pool};
use entity_events::outbox::{Backend, Outbox, OutboxRelay, PgOutbox, SqliteOutbox};
use entity_events_tests::kafka::Kafka;
use entity_events_tests::postgres::Postgres;
use uuid::Uuid;

use crate::gallery::{self, GalleryConfig, GalleryEvents, GalleryTopics};
use crate::wire::{self, WireRecords};

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_the_same_record_directly_and_through_the_outbox() {
    let (kafka, events) = (Kafka::shared(), gallery::events());

    let config = gallery::config(kafka, "one-form.direct").await;
    let service = KafkaEventService::new(&config).expect("a service");
    for event in &events {
        event.publish(&service).await;
    }
    let n = wire::count(kafka, &config);
    let direct = wire::read(kafka, &config, n);
    assert_holds_every_kind(&direct);

    let (config, pool) = (gallery::config(kafka, "one-form.pg").await, Postgres::shared().pool().await);
    let outbox = PgOutbox::new(pool.clone(), &config);
    let records = relayed(kafka, &outbox, &pool, &config, &events, n).await;
    wire::assert_equal(&records, &direct, "by PostgreSQL");

    let folder = std::env::temp_dir().join(format!("entity-events-one-form-{}", Uuid::new_v4()));
    std::fs::create_dir(&folder).expect("a folder");
    let options = SqliteConnectOptions::new().filename(folder.join("outbox.sqlite")).create_if_missing(true);
    let options = options.journal_mode(SqliteJournalMode::Wal);
    let pool = SqlitePoolOptions::new().connect_with(options).await.expect("a file");
    pool.execute(SqliteOutbox::<GalleryTopics>::SCHEMA).await.expect("the tables");
    let config = gallery::config(kafka, "one-form.sqlite").await;
    let outbox = SqliteOutbox::new(pool.clone(), &config);
    let records = relayed(kafka, &outbox, &pool, &config, &events, n).await;
    wire::assert_equal(&records, &direct, "by SQLite");
    pool.close().await;
    std::fs::remove_dir_all(folder).expect("the folder was there");
}

/// Writes the events into an outbox, and returns the `n` records that its relay publishes.
async fn relayed<DB: Backend>(
    kafka: &Kafka,
    outbox: &Outbox<DB, GalleryTopics>,
    pool: &Pool<DB>,
    config: &GalleryConfig,
    events: &GalleryEvents,
    n: usize,
) -> WireRecords {
    let relay = OutboxRelay::builder(outbox, config).start().await.expect("a relay");
    let collection = outbox.collect();
    for event in events {
        event.collect(&collection).await;
    }
    outbox.commit(pool.begin().await.expect("a transaction"), collection).await.expect("committed");
    let records = wire::read(kafka, config, n);
    let report = relay.close(Duration::from_secs(10)).await;
    assert_eq!((report.delivered, report.unacknowledged), (n as u64, 0));
    records
}

/// The comparison is worth something: there are tombstones alone and after an event, causes, and headers of entities' own.
fn assert_holds_every_kind(records: &WireRecords) {
    let last = |entity| {
        let of_entity = records.iter().filter(move |((field, _), _)| *field == entity);
        of_entity.map(|(_, records)| records.iter().map(|record| record.value.is_some()).collect::<Vec<_>>())
    };
    assert!(last("every_key_topic").all(|values| values == [true, true, true, true, true, false]));
    assert!(last("parcel_topic").all(|values| values == [true, false]));
    assert!(last("readme_topic").all(|values| values == [true, true, true]));
    let all = || records.values().flatten().flat_map(|record| &record.headers);
    for name in ["ce_causationid", "x-category", "x-owner", "x-amount", "x.depot-", "topic"] {
        assert!(all().any(|(header, _)| header == name), "some record has `{name}`");
    }
    assert!(
        all().any(|(_, value)| value.as_ref().is_some_and(|value| value.0.is_empty())),
        "some header is empty"
    );
}
