//! The outbox takes what Kafka does not take, so that an outage neither loses nor reorders events.

use std::collections::{BTreeMap, HashSet};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use entity_events::Publish;
use entity_events::kafka::LostEvent;
use entity_events::outbox::sqlx::{self, PgPool};
use entity_events::outbox::{OutboxRelay, PgOutbox};
use entity_events_tests::domain::{KafkaConfig, KafkaEventService, Order, OrderEvent, OrderId, Topics};
use entity_events_tests::kafka::Kafka;
use entity_events_tests::nowhere::refusing;
use entity_events_tests::postgres::Postgres;
use entity_events_tests::samples::{lamp, order_of};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;
use tokio::task::block_in_place;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_mins(1);

/// Emits numbered events of some orders, in turn.
struct Emitter {
    service: KafkaEventService,
    orders: Vec<Order>,
    number: u32,
}

impl Emitter {
    fn new(config: &KafkaConfig, outbox: &PgOutbox<Topics>) -> Self {
        let service = KafkaEventService::builder(config).fallback(outbox).build().expect("a service");
        let product = lamp();
        let orders = (0..50).map(|_| order_of(&product, 0)).collect();
        Self { service, orders, number: 0 }
    }

    async fn emit(&mut self) {
        for order in &mut self.orders {
            order.quantity = self.number;
            self.service.emit(OrderEvent::new_created(order, Uuid::nil())).await;
        }
        self.number += 1;
    }

    async fn emit_for(&mut self, time: Duration) {
        let start = Instant::now();
        while start.elapsed() < time {
            self.emit().await;
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Everything has reached the topic, and each order's events are in their order, but for repetitions.
    async fn assert_ordered(&self, kafka: &Kafka, topic: &str) {
        let mut numbers: BTreeMap<Uuid, Vec<u32>> = BTreeMap::new();
        let mut seen = HashSet::new();
        for record in kafka.read_all(topic).await {
            if seen.insert(record.header("ce_id").expect("an id").to_owned()) {
                let event: OrderEvent = record.json().expect("an order");
                let OrderId(id) = event.data.id;
                numbers.entry(id).or_default().push(event.data.quantity);
            }
        }
        for order in &self.orders {
            let numbers = &numbers[&order.id.0];
            let wrong = numbers.iter().zip(0..).find(|(number, expected)| *number != expected);
            assert_eq!(wrong, None, "a number, and the expected one");
            assert_eq!(numbers.len(), self.number as usize);
        }
    }
}

async fn rows(pool: &PgPool) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM outbox_event").fetch_one(pool).await.expect("their number")
}

async fn until_empty(pool: &PgPool) {
    let start = Instant::now();
    while rows(pool).await > 0 {
        assert!(start.elapsed() < PATIENCE, "the relay delivers");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_all_brokers_neither_loses_nor_reorders_events() {
    let kafka = Kafka::breakable().await;
    let pool = Postgres::shared().pool().await;
    let mut config = kafka.config("fallback-outage", 6).await;
    config.producer.delivery_timeout_ms = 3_000;
    let outbox = PgOutbox::<Topics>::new(pool.clone(), &config);
    outbox.check().await.expect("the tables are there");
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    let mut emitter = Emitter::new(&config, &outbox);

    emitter.emit_for(Duration::from_secs(1)).await;
    (1..=3).for_each(|broker| kafka.kill(broker));
    emitter.emit_for(Duration::from_secs(8)).await;
    let stats = emitter.service.stats();
    assert!(stats.stored > 1_000, "{stats:?}");
    assert!(rows(&pool).await > 1_000);
    block_in_place(|| kafka.restore());
    let start = Instant::now();
    while rows(&pool).await > 0 || emitter.service.stats().queued > 0 {
        assert!(start.elapsed() < PATIENCE, "{:?}", emitter.service.stats());
        emitter.emit_for(Duration::from_millis(100)).await;
        // Long enough for the table to have none of some keys.
        sleep(Duration::from_millis(200)).await;
    }
    // The keys go to Kafka again.
    sleep(Duration::from_secs(3)).await;
    let delivered = emitter.service.stats().delivered;
    emitter.emit().await;
    emitter.service.flush(PATIENCE).await.expect("everything has its outcome");
    let stats = emitter.service.stats();
    assert_eq!(stats.delivered, delivered + 50, "{stats:?}");
    assert_eq!((stats.lost, stats.queued), (0, 0), "{stats:?}");
    assert_eq!(stats.accepted, stats.delivered + stats.stored);
    until_empty(&pool).await;
    emitter.assert_ordered(&kafka, &config.order_topic).await;
    let _ = relay.close(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn brokers_that_hang_neither_lose_nor_reorder_events() {
    let kafka = Kafka::breakable().await;
    let pool = Postgres::shared().pool().await;
    let mut config = kafka.config("fallback-hang", 6).await;
    config.producer.delivery_timeout_ms = 2_000;
    let outbox = PgOutbox::<Topics>::new(pool.clone(), &config);
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    let mut emitter = Emitter::new(&config, &outbox);

    emitter.emit_for(Duration::from_secs(1)).await;
    // The topic's partitions on the third go on after a while, those on the others as well: the followers are missing.
    (1..=2).for_each(|broker| kafka.pause(broker));
    emitter.emit_for(Duration::from_secs(6)).await;
    (1..=2).for_each(|broker| kafka.resume(broker));
    emitter.emit_for(Duration::from_secs(5)).await;
    emitter.service.flush(PATIENCE).await.expect("everything has its outcome");
    let stats = emitter.service.stats();
    assert_eq!((stats.lost, stats.queued), (0, 0), "{stats:?}");
    assert!(stats.stored > 0, "{stats:?}");
    until_empty(&pool).await;
    emitter.assert_ordered(&kafka, &config.order_topic).await;
    let _ = relay.close(PATIENCE).await;
}

fn nowhere() -> KafkaConfig {
    let mut config = KafkaConfig::new(refusing());
    config.producer.delivery_timeout_ms = 500;
    config
}

#[tokio::test(flavor = "multi_thread")]
async fn close_stores_what_kafka_did_not_take() {
    let pool = Postgres::shared().pool().await;
    let mut config = nowhere();
    config.producer.delivery_timeout_ms = 60_000;
    let outbox = PgOutbox::<Topics>::new(pool.clone(), &config);
    let mut emitter = Emitter::new(&config, &outbox);
    for _ in 0..400 {
        emitter.emit().await;
    }
    // Neither the pool nor anything else of the caller is needed.
    pool.close().await;
    let start = Instant::now();
    // Long enough for a database beside brokers that start.
    let report = timeout(PATIENCE, emitter.service.close(Duration::from_secs(8))).await.expect("a report");
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    let first = report.lost.first().map(|lost| &lost.error);
    assert_eq!((report.stored, report.delivered, report.unresolved), (20_000, 0, 0), "{first:?}");
    assert_eq!((report.lost.len(), report.lost_unlisted), (0, 0));
    let pool = PgPool::connect_with(pool.connect_options().as_ref().clone()).await.expect("a pool");
    assert_eq!(rows(&pool).await, 20_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stored_before_a_crash_is_in_the_table_in_order() {
    let url = Postgres::shared().database().await;
    let mut process = Command::new(env!("CARGO_BIN_EXE_storing-service"));
    let mut process = process
        .args([refusing(), url.clone()])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("a process");
    let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
    let mut stored = 0;
    while stored < 3_000 {
        let line = timeout(PATIENCE, lines.next_line()).await.expect("a line").expect("UTF-8");
        stored = line.expect("the process runs").parse().expect("a number");
    }
    process.kill().await.expect("killed");

    let pool = PgPool::connect(&url).await.expect("a pool");
    let payloads: Vec<String> = sqlx::query_scalar("SELECT payload FROM outbox_event ORDER BY seq")
        .fetch_all(&pool)
        .await
        .expect("the rows");
    assert!(payloads.len() >= stored, "{} rows, and {stored} were reported", payloads.len());
    let number = |json: &String| serde_json::from_str::<OrderEvent>(json).expect("an order").data.quantity;
    let wrong = payloads.iter().map(number).zip(0..).find(|(number, expected)| number != expected);
    assert_eq!(wrong, None, "a number, and the expected one");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_database_events_are_lost_for_both_reasons() {
    let postgres = Postgres::breakable().await;
    let pool = postgres.pool().await;
    let config = nowhere();
    let outbox = PgOutbox::<Topics>::new(pool.clone(), &config);
    let lost = Arc::new(Mutex::new(Vec::<LostEvent>::new()));
    let on_lost = {
        let lost = Arc::clone(&lost);
        move |event: &LostEvent| lost.lock().expect("no panic").push(event.clone())
    };
    let builder = KafkaEventService::builder(&config).fallback(&outbox).on_lost(on_lost);
    let service = builder.build().expect("a service");
    postgres.kill();

    let order = order_of(&lamp(), 1);
    let event = || OrderEvent::new_created(&order, Uuid::nil());
    service.emit(event()).await;
    let error = timeout(PATIENCE, service.publish(event())).await.expect("an outcome").expect_err("lost");
    let text = error.to_string();
    assert!(text.contains("delivery_timeout_ms") || text.contains("earlier events of its key"), "{text}");
    assert!(text.contains("and not written to the outbox: "), "{text}");
    let stats = service.stats();
    assert_eq!((stats.accepted, stats.lost, stats.stored, stats.queued), (2, 2, 0, 0));
    let start = Instant::now();
    while lost.lock().expect("no panic").len() < 2 {
        assert!(start.elapsed() < PATIENCE, "`on_lost` is called for both");
        sleep(Duration::from_millis(10)).await;
    }
    assert!(lost.lock().expect("no panic").iter().all(|event| event.error.contains("the outbox: ")));

    // A database that comes back in time takes what waits.
    service.emit(event()).await;
    sleep(Duration::from_secs(3)).await;
    assert_eq!(service.stats().queued, 1);
    postgres.up();
    service.flush(PATIENCE).await.expect("an outcome");
    let stats = service.stats();
    assert_eq!((stats.lost, stats.stored), (2, 1), "{stats:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn close_ends_in_time_although_the_database_hangs() {
    let postgres = Postgres::breakable().await;
    let pool = postgres.pool().await;
    let config = nowhere();
    let outbox = PgOutbox::<Topics>::new(pool.clone(), &config);
    let mut emitter = Emitter::new(&config, &outbox);
    emitter.emit().await;
    postgres.pause();
    let start = Instant::now();
    let report = timeout(PATIENCE, emitter.service.close(Duration::from_secs(1))).await.expect("a report");
    let elapsed = start.elapsed();
    postgres.resume();
    assert!(elapsed < Duration::from_secs(8), "{elapsed:?}");
    assert_eq!((report.stored, report.lost.len(), report.unresolved), (0, 50, 0));
}
