//! The outbox takes what Kafka does not take, here in a file; `outbox/fallback.rs` does the same with real servers.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use entity_events::kafka::{LostEvent, PublishStats};
use entity_events::outbox::sqlx::{self, SqlitePool, sqlite};
use entity_events::outbox::{OutboxRelay, SqliteOutbox};
use entity_events::testing::{EmbeddedKafka, ProduceError};
use entity_events::{ErrorKind, Publish};
use entity_events_tests::tick::{
    Config, Service, TOPIC, TickEvent, TickTopics, deletion, kafka, nowhere, soon, tick, until,
};
use uuid::Uuid;

const KEYS: u32 = 20;

/// A database in a file of its own.
struct Database {
    file: PathBuf,
    pool: SqlitePool,
}

impl Database {
    async fn new() -> Self {
        let file = std::env::temp_dir().join(format!("entity-events-{}.db", Uuid::new_v4().simple()));
        let options = sqlite::SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(sqlite::SqliteJournalMode::Wal);
        let pool = SqlitePool::connect_with(options).await.expect("a database");
        sqlx::raw_sql(SqliteOutbox::<TickTopics>::SCHEMA).execute(&pool).await.expect("the tables");
        Self { file, pool }
    }

    async fn rows(&self) -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM outbox_event");
        count.fetch_one(&self.pool).await.expect("the number of rows")
    }

    fn outbox(&self, config: &Config) -> SqliteOutbox<TickTopics> {
        SqliteOutbox::new(self.pool.clone(), config)
    }

    fn service(&self, config: &Config) -> Service {
        Service::builder(config).fallback(&self.outbox(config)).build().expect("a service")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", "-relay"] {
            let mut file = self.file.clone().into_os_string();
            file.push(suffix);
            let _ = std::fs::remove_file(file);
        }
    }
}

fn sum(stats: PublishStats) -> u64 {
    stats.delivered + stats.lost + stats.stored + stats.queued
}

/// The numbers of each key's events, in the order of the topic.
async fn by_key(kafka: &EmbeddedKafka, count: usize) -> BTreeMap<u32, Vec<u64>> {
    let mut numbers: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
    for record in kafka.consume(TOPIC, count).await.expect("all events") {
        let event: TickEvent = record.json().expect("a tick");
        numbers.entry(event.data.id).or_default().push(event.data.number);
    }
    numbers
}

/// Every key has the numbers below `end`, in order.
fn assert_ordered(numbers: &BTreeMap<u32, Vec<u64>>, end: u64) {
    for (id, numbers) in numbers {
        let next = numbers.iter().zip(0..).find(|(number, expected)| *number != expected);
        assert_eq!(next, None, "key {id}: a number, and the expected one");
        assert_eq!(numbers.len() as u64, end, "key {id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_neither_loses_nor_reorders_events() {
    let (kafka, mut config) = kafka().await;
    config.producer.delivery_timeout_ms = 1_500;
    let database = Database::new().await;
    let outbox = database.outbox(&config);
    outbox.check().await.expect("the tables are there");
    let service = database.service(&config);
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");

    let (start, mut number) = (Instant::now(), 0);
    let (mut down, mut up) = (false, false);
    let mut stored_at_recovery = 0;
    loop {
        let elapsed = start.elapsed();
        if elapsed > Duration::from_millis(500) && !down {
            kafka.broker_down(1).expect("broker 1");
            down = true;
        }
        if elapsed > Duration::from_millis(5_500) && !up {
            kafka.broker_up(1).expect("broker 1");
            stored_at_recovery = service.stats().stored;
            up = true;
        }
        // Long enough for the keys to go to Kafka again.
        if up && elapsed > Duration::from_secs(10) {
            break;
        }
        for id in 0..KEYS {
            service.emit(tick(id, number)).await;
        }
        number += 1;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    soon("a flush", service.flush(Duration::from_secs(20))).await.expect("everything has its outcome");
    let stats = service.stats();
    let all = number * u64::from(KEYS);
    assert_eq!((stats.accepted, stats.lost, stats.queued), (all, 0, 0), "{stats:?}");
    assert!(stored_at_recovery > 0, "{stats:?}");
    let waiting = || async { database.rows().await > 0 };
    while waiting().await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let numbers = by_key(&kafka, usize::try_from(all).expect("some")).await;
    assert_ordered(&numbers, number);
    let delivered = service.stats().delivered;
    soon("a publish", service.publish(tick(1, number))).await.expect("delivered");
    assert_eq!(service.stats().delivered, delivered + 1, "the key goes to Kafka again");
    let _ = relay.close(Duration::from_secs(5)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_leader_does_not_reorder_the_events_of_the_others() {
    // The mock assigns leaders at random: with 32 partitions, each broker leads some.
    let kafka = EmbeddedKafka::builder().brokers(2).topic(TOPIC, 32).start().await.expect("a Kafka");
    let mut config: Config = kafka.config();
    config.producer.delivery_timeout_ms = 600;
    let database = Database::new().await;
    let outbox = database.outbox(&config);
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    let service = database.service(&config);
    let (start, mut number, mut up) = (Instant::now(), 0, false);
    for id in 0..1_000 {
        service.emit(tick(id, 0)).await;
    }
    soon("a flush", service.flush(Duration::from_secs(20))).await.expect("delivered");
    kafka.broker_down(2).expect("broker 2");
    while start.elapsed() < Duration::from_secs(7) {
        if start.elapsed() > Duration::from_secs(4) && !up {
            kafka.broker_up(2).expect("broker 2");
            up = true;
        }
        number += 1;
        for id in 0..200 {
            service.emit(tick(id, number)).await;
            tokio::task::yield_now().await;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    soon("a flush", service.flush(Duration::from_secs(20))).await.expect("everything has its outcome");
    let stats = service.stats();
    assert_eq!((stats.lost, stats.queued, stats.rebuilt), (0, 0, 0), "{stats:?}");
    assert!(stats.stored > 0 && stats.delivered > 0, "{stats:?}");
    let mut numbers = by_key(&kafka, usize::try_from(stats.accepted).expect("some")).await;
    numbers.retain(|id, _| *id < 200);
    assert_ordered(&numbers, number + 1);
    let _ = relay.close(Duration::from_secs(5)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_awaited_event_is_published_once_it_is_stored() {
    let mut config = nowhere();
    config.producer.delivery_timeout_ms = 300;
    let database = Database::new().await;
    let service = database.service(&config);
    soon("the outcome", service.publish(tick(1, 1))).await.expect("stored");
    assert_eq!(database.rows().await, 1);
    let start = Instant::now();
    soon("the outcome", service.publish_all(vec![tick(1, 2), deletion(1)])).await.expect("stored");
    assert!(start.elapsed() < Duration::from_millis(300), "its key is stored without trying Kafka");
    let rows: Vec<(String, String, String, Option<String>)> =
        sqlx::query_as("SELECT aggregatetype, aggregateid, type, payload FROM outbox_event ORDER BY seq")
            .fetch_all(&database.pool)
            .await
            .expect("the rows");
    let types: Vec<_> = rows.iter().map(|row| row.2.as_str()).collect();
    assert_eq!(types, ["TickCreated", "TickCreated", "TickDeleted", "TickDeleted"]);
    assert!(rows.iter().all(|row| row.0 == "tick" && row.1 == "1"));
    assert_eq!(rows.iter().map(|row| row.3.is_some()).collect::<Vec<_>>(), [true, true, true, false]);
    let stats = service.stats();
    assert_eq!((stats.stored, stats.queued, stats.lost), (4, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_into_the_queue_is_stored_behind_what_does() {
    let mut config = nowhere();
    config.producer.queue_buffering_max_messages = 2;
    let database = Database::new().await;
    let service = database.service(&config);
    for number in 0..4 {
        service.emit(tick(1, number)).await;
    }
    // Long before the first two time out.
    until("all are stored", || service.stats().stored == 4).await;
    let payloads: Vec<String> = sqlx::query_scalar("SELECT payload FROM outbox_event ORDER BY seq")
        .fetch_all(&database.pool)
        .await
        .expect("the rows");
    let numbers: Vec<_> = payloads
        .iter()
        .map(|json| serde_json::from_str::<TickEvent>(json).expect("a tick").data.number)
        .collect();
    assert_eq!(numbers, [0, 1, 2, 3]);
    assert_eq!(sum(service.stats()), service.stats().accepted);
}

#[tokio::test(flavor = "multi_thread")]
async fn close_stores_what_it_cannot_deliver() {
    let database = Database::new().await;
    let service = database.service(&nowhere());
    for number in 0..5_000 {
        service.emit(tick(1, number)).await;
    }
    let report = soon("the report", service.close(Duration::from_millis(100))).await;
    assert_eq!((report.stored, report.delivered, report.unresolved), (5_000, 0, 0));
    assert_eq!(report.lost, []);
    assert_eq!(database.rows().await, 5_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_does_not_overtake_what_its_predecessor_stored() {
    let database = Database::new().await;
    let service = database.service(&nowhere());
    service.emit(tick(1, 0)).await;
    let report = soon("the report", service.close(Duration::ZERO)).await;
    assert_eq!(report.stored, 1);

    let (kafka, config) = kafka().await;
    let service = database.service(&config);
    tokio::time::sleep(Duration::from_millis(500)).await;
    soon("the outcome", service.publish(tick(1, 1))).await.expect("stored");
    soon("the outcome", service.publish(tick(2, 0))).await.expect("delivered");
    assert_eq!((service.stats().stored, service.stats().delivered), (1, 1));
    let outbox = database.outbox(&config);
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    let numbers = by_key(&kafka, 3).await;
    assert_eq!((numbers[&1].as_slice(), numbers[&2].as_slice()), (&[0, 1][..], &[0][..]));
    let _ = relay.close(Duration::from_secs(5)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_service_stores_what_it_cannot_deliver() {
    let database = Database::new().await;
    let service = database.service(&nowhere());
    service.emit(tick(1, 1)).await;
    drop(service);
    let start = Instant::now();
    while database.rows().await == 0 {
        assert!(start.elapsed() < Duration::from_secs(20), "not stored");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_table_events_are_lost_for_both_reasons() {
    let mut config = nowhere();
    config.producer.delivery_timeout_ms = 300;
    let database = Database::new().await;
    sqlx::raw_sql("DROP TABLE outbox_event").execute(&database.pool).await.expect("dropped");
    let lost = std::sync::Arc::new(std::sync::Mutex::new(Vec::<LostEvent>::new()));
    let builder = Service::builder(&config).fallback(&database.outbox(&config)).on_lost({
        let lost = std::sync::Arc::clone(&lost);
        move |event| lost.lock().expect("no panic").push(event.clone())
    });
    let service = builder.build().expect("a service");
    let error = soon("the outcome", service.publish(tick(1, 1))).await.expect_err("lost");
    let text = error.to_string();
    assert!(text.contains("delivery_timeout_ms") && text.contains("no such table"), "{text}");
    until("on_lost", || lost.lock().expect("no panic").len() == 1).await;
    assert_eq!(&*lost.lock().expect("no panic")[0].error, text.as_str());
    let stats = service.stats();
    assert_eq!((stats.lost, stats.stored, stats.queued), (1, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_kafka_refuses_for_itself_is_lost() {
    let (kafka, config) = kafka().await;
    let database = Database::new().await;
    let service = database.service(&config);
    kafka.fail_next_produce(ProduceError::MessageTooLarge, 1).expect("a failure");
    let error = soon("the outcome", service.publish(tick(1, 1))).await.expect_err("too large");
    assert_eq!(error.kind(), ErrorKind::Permanent);
    let stats = service.stats();
    assert_eq!((stats.lost, stats.stored, database.rows().await), (1, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_permission_is_stored() {
    let (kafka, config) = kafka().await;
    let database = Database::new().await;
    let service = database.service(&config);
    kafka.fail_next_produce(ProduceError::TopicAuthorizationFailed, 1).expect("a failure");
    soon("the outcome", service.publish(tick(1, 1))).await.expect("stored");
    assert_eq!((service.stats().stored, database.rows().await), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_kafka_does_not_reorder_what_its_queue_cannot_take() {
    let (kafka, mut config) = kafka().await;
    config.producer.queue_buffering_max_messages = 300;
    let database = Database::new().await;
    let outbox = database.outbox(&config);
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    let service = database.service(&config);
    for id in 0..KEYS {
        soon("the outcome", service.publish(tick(id, 0))).await.expect("delivered");
    }
    kafka.latency(1, 300).expect("broker 1");
    for number in 1..200 {
        for id in 0..KEYS {
            service.emit(tick(id, number)).await;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    kafka.latency(1, 0).expect("broker 1");
    soon("a flush", service.flush(Duration::from_secs(20))).await.expect("everything has its outcome");
    let stats = service.stats();
    assert_eq!((stats.accepted, stats.lost), (200 * u64::from(KEYS), 0), "{stats:?}");
    assert!(stats.stored > 0 && stats.delivered > 0, "{stats:?}");
    assert_ordered(&by_key(&kafka, 200 * KEYS as usize).await, 200);
    let _ = relay.close(Duration::from_secs(5)).await;
}
