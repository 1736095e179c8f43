//! The outbox in SQLite, on the embedded Kafka: what needs nothing installed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs};

use entity_events::kafka::KafkaConfig;
use entity_events::outbox::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
};
use entity_events::outbox::sqlx::{self, Executor};
use entity_events::outbox::{OutboxRelay, RelayRole, SqliteOutbox};
use entity_events::testing::{EmbeddedKafka, ProduceError};
use entity_events::{ErrorKind, Event, Publish};
use entity_events_tests::domain::{Description, EventProducer, OrderEvent, ProductEvent, Topics};
use entity_events_tests::log::Log;
use entity_events_tests::samples::{incompressible, lamp, order_of};
use tokio::time::sleep;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(30);

/// A database in a folder of its own, which is removed in the end.
struct Scene {
    folder: PathBuf,
    kafka: EmbeddedKafka,
    config: KafkaConfig<Topics>,
    pool: SqlitePool,
    outbox: SqliteOutbox<Topics>,
}

impl Scene {
    async fn new() -> Self {
        let topics = Topics::default();
        let builder = EmbeddedKafka::builder().topic(&topics.product_topic, 3).topic(&topics.order_topic, 3);
        let kafka = builder.start().await.expect("a Kafka");
        let config = kafka.config();
        let folder = env::temp_dir().join(format!("entity-events-{}", Uuid::new_v4()));
        fs::create_dir_all(&folder).expect("a folder");
        let pool = open(&folder.join("shop.db"), SqliteJournalMode::Wal).await;
        pool.execute(SqliteOutbox::<Topics>::SCHEMA).await.expect("the tables");
        pool.execute("CREATE TABLE change (id INTEGER)").await.expect("a table");
        let outbox = SqliteOutbox::new(pool.clone(), &config);
        Self { folder, kafka, config, pool, outbox }
    }

    async fn relay(&self) -> OutboxRelay {
        OutboxRelay::builder(&self.outbox, &self.config).start().await.expect("a relay")
    }

    async fn begin(&self) -> sqlx::Transaction<'static, sqlx::Sqlite> {
        let mut tx = self.pool.begin_with("BEGIN IMMEDIATE").await.expect("a transaction");
        tx.execute("INSERT INTO change VALUES (1)").await.expect("the change");
        tx
    }

    /// The rows of changes, and those of events.
    async fn saved(&self) -> (i64, i64) {
        let count = "SELECT (SELECT count(*) FROM change), (SELECT count(*) FROM outbox_event)";
        sqlx::query_as(count).fetch_one(&self.pool).await.expect("a count")
    }

    async fn wait_until_empty(&self) {
        let start = Instant::now();
        while self.saved().await.1 > 0 {
            assert!(start.elapsed() < PATIENCE, "{:?} rows are left", self.saved().await);
            sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

async fn open(path: &Path, mode: SqliteJournalMode) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).journal_mode(mode);
    SqlitePool::connect_with(options).await.expect("a pool")
}

fn created() -> ProductEvent {
    ProductEvent::new_created(&lamp(), "Kitchen".to_owned(), Uuid::new_v4())
}

#[tokio::test]
async fn committed_events_arrive_in_order_and_others_never() {
    let scene = Scene::new().await;
    scene.outbox.check().await.expect("the tables are there");
    let relay = scene.relay().await;
    let lamp = lamp();
    for quantity in 1..=30 {
        let collected = scene.outbox.collect();
        let events: Arc<dyn EventProducer> = Arc::new(collected.clone());
        let mut order = order_of(&lamp, quantity);
        order.id = entity_events_tests::domain::OrderId(Uuid::nil());
        events.emit_order_event(OrderEvent::new_created(&order, Uuid::new_v4())).await;
        let mut tx = scene.begin().await;
        if quantity % 3 == 0 {
            collected.write(&mut tx).await.expect("written");
            tx.rollback().await.expect("rolled back");
        } else {
            scene.outbox.commit(tx, collected).await.expect("committed");
        }
    }
    scene.wait_until_empty().await;
    let records = scene.kafka.consume(&scene.config.order_topic, 20).await.expect("20 records");
    let quantities: Vec<_> =
        records.iter().map(|record| record.json::<OrderEvent>().expect("an event").data.quantity).collect();
    assert_eq!(quantities, (1..=30).filter(|quantity| quantity % 3 != 0).collect::<Vec<_>>());
    let report = relay.close(PATIENCE).await;
    assert_eq!((report.delivered, report.unacknowledged, report.lease_returned), (20, 0, true));
}

#[tokio::test]
async fn an_emit_that_fails_fails_the_commit() {
    let scene = Scene::new().await;
    scene.pool.execute("ALTER TABLE outbox_event RENAME TO gone").await.expect("renamed");
    let mut tx = scene.begin().await;
    let error = scene.outbox.in_transaction(&mut tx).publish(created()).await.expect_err("no table");
    assert!(error.to_string().contains("SqliteOutbox::SCHEMA"), "{error}");
    scene.outbox.in_transaction(&mut tx).emit(created()).await;
    tx.execute("INSERT INTO change VALUES (2)").await.expect("the caller goes on");
    tx.commit().await.expect_err("the event is missing");
    scene.pool.execute("ALTER TABLE gone RENAME TO outbox_event").await.expect("renamed");
    assert_eq!(scene.saved().await, (0, 0));

    // The connection can be used for the next transaction.
    let mut tx = scene.begin().await;
    scene.outbox.in_transaction(&mut tx).emit(created()).await;
    tx.commit().await.expect("committed");
    assert_eq!(scene.saved().await, (1, 1));
}

#[tokio::test]
async fn an_emit_fails_the_commit_where_foreign_keys_are_not_enforced() {
    let scene = Scene::new().await;
    scene.pool.execute("ALTER TABLE outbox_event RENAME TO gone").await.expect("renamed");
    let options = (*scene.pool.connect_options()).clone().foreign_keys(false);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("a pool");
    let mut tx = pool.begin().await.expect("a transaction");
    tx.execute("INSERT INTO change VALUES (1)").await.expect("the change");
    scene.outbox.in_transaction(&mut tx).emit(created()).await;
    tx.execute("INSERT INTO change VALUES (2)").await.expect("the caller goes on");
    tx.commit().await.expect_err("the event is missing");
    let saved: i64 =
        sqlx::query_scalar("SELECT count(*) FROM change").fetch_one(&scene.pool).await.expect("a count");
    assert_eq!(saved, 0);

    // The same connection commits again.
    scene.pool.execute("ALTER TABLE gone RENAME TO outbox_event").await.expect("renamed");
    let mut tx = pool.begin().await.expect("a transaction");
    tx.execute("INSERT INTO change VALUES (3)").await.expect("the change");
    scene.outbox.in_transaction(&mut tx).emit(created()).await;
    tx.commit().await.expect("committed");
    assert_eq!(scene.saved().await, (1, 1));
}

#[tokio::test]
async fn a_collection_that_is_dropped_names_each_event() {
    let (log, _guard) = Log::of_this_thread();
    let scene = Scene::new().await;
    let (first, second) = (created(), created());
    let ids = [first.id(), second.id()];
    let key = first.key();
    let collected = scene.outbox.collect();
    collected.publish_all(vec![first, second]).await.expect("accepted");
    let clone = collected.clone();
    drop(collected);
    assert_eq!(log.text(), "", "the clone may still be written");
    drop(clone);
    for id in ids {
        log.line_with(&["ERROR", "event lost", &id.to_string(), "ProductCreated"]).await;
    }
    log.line_with(&[&key]).await;

    let (log, _guard) = Log::of_this_thread();
    let mut config = scene.config.clone();
    config.log_keys = false;
    let collected = SqliteOutbox::new(scene.pool.clone(), &config).collect();
    let event = created();
    let (id, key) = (event.id(), event.key());
    collected.publish(event).await.expect("accepted");
    drop(collected);
    log.line_with(&["event lost", &id.to_string()]).await;
    assert!(!log.text().contains(&format!("key={key:?}")), "{}", log.text());
}

#[tokio::test]
async fn a_collection_whose_transaction_is_rolled_back_is_discarded_silently() {
    let (log, _guard) = Log::of_this_thread();
    let scene = Scene::new().await;
    let collected = scene.outbox.collect();
    let domain = collected.clone();
    domain.publish(created()).await.expect("accepted");
    collected.discard();
    assert!(domain.is_empty());
    drop(domain);
    assert_eq!(log.text(), "");
}

#[tokio::test]
async fn an_emit_behind_the_commit_is_lost_and_says_so() {
    let (log, _guard) = Log::of_this_thread();
    let scene = Scene::new().await;
    let collected = scene.outbox.collect();
    let domain = collected.clone();
    let tx = scene.pool.begin().await.expect("a transaction");
    scene.outbox.commit(tx, collected).await.expect("committed");
    let late = created();
    let id = late.id();
    domain.emit(late).await;
    log.line_with(&["ERROR", "event lost", &id.to_string(), "ProductCreated", "written before"]).await;
    assert!(!log.text().contains("the transaction will fail"), "{}", log.text());
}

#[tokio::test]
async fn a_refused_commit_names_every_event_that_is_not_saved() {
    let mut scene = Scene::new().await;
    scene.config.producer.message_max_bytes = 1_200;
    let outbox = SqliteOutbox::new(scene.pool.clone(), &scene.config);
    let collected = outbox.collect();
    let (fits, mut large, mut larger) = (created(), created(), created());
    large.data.description = Description("x".repeat(2_000));
    larger.data.description = Description("x".repeat(3_000));
    let ids = [fits.id(), large.id(), larger.id()];
    for event in [fits, large, larger] {
        collected.emit(event).await;
    }
    let tx = scene.pool.begin().await.expect("a transaction");
    let error = outbox.commit(tx, collected).await.expect_err("two are too large");
    assert_eq!(error.unpublished(), ids, "{error}");
    assert_eq!(scene.saved().await, (0, 0));
}

#[tokio::test]
async fn a_written_or_empty_collection_is_dropped_silently() {
    let (log, _guard) = Log::of_this_thread();
    let scene = Scene::new().await;
    drop(scene.outbox.collect());
    let collected = scene.outbox.collect();
    collected.publish(created()).await.expect("accepted");
    assert_eq!((collected.len(), collected.is_empty()), (1, false));
    assert_eq!(collected.into_rows().expect("the rows").len(), 1);
    assert_eq!(log.text(), "");
}

#[tokio::test]
async fn another_file_and_a_missing_table_are_refused() {
    let (scene, other) = (Scene::new().await, Scene::new().await);
    scene.outbox.check().await.expect("the tables");
    let collected = scene.outbox.collect();
    collected.publish(created()).await.expect("accepted");
    let error =
        scene.outbox.commit(other.begin().await, collected).await.expect_err("its relay would not see it");
    assert!(error.to_string().contains("another file"), "{error}");
    assert_eq!(other.saved().await, (0, 0));

    other.pool.execute("DROP TABLE outbox_dead").await.expect("dropped");
    let error = other.outbox.check().await.expect_err("a table is missing").to_string();
    let (_, sql) = error.split_once(":\n").expect("SQL");
    other.pool.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.expect("the SQL is right");
    other.outbox.check().await.expect("repaired");
}

#[tokio::test]
async fn a_database_without_a_wal_is_refused() {
    let scene = Scene::new().await;
    let pool = open(&scene.folder.join("old.db"), SqliteJournalMode::Delete).await;
    pool.execute(SqliteOutbox::<Topics>::SCHEMA).await.expect("the tables");
    let error = SqliteOutbox::new(pool, &scene.config).check().await.expect_err("no WAL").to_string();
    assert!(error.contains("SqliteJournalMode::Wal"), "{error}");
}

#[tokio::test]
async fn one_relay_a_file_works_and_another_takes_over_when_it_is_closed() {
    let scene = Scene::new().await;
    let (first, second) = (scene.relay().await, scene.relay().await);
    let role = async |relay: &OutboxRelay, role: RelayRole| {
        let start = Instant::now();
        while relay.stats().role != role {
            assert!(start.elapsed() < PATIENCE, "{relay:?}");
            sleep(Duration::from_millis(5)).await;
        }
    };
    let start = Instant::now();
    while [&first, &second].iter().all(|relay| relay.stats().role == RelayRole::Standby) {
        assert!(start.elapsed() < PATIENCE);
        sleep(Duration::from_millis(5)).await;
    }
    let (active, standby) =
        if first.stats().role == RelayRole::Active { (first, second) } else { (second, first) };
    sleep(Duration::from_millis(300)).await;
    role(&standby, RelayRole::Standby).await;
    assert!(active.close(PATIENCE).await.lease_returned);
    role(&standby, RelayRole::Active).await;
    let _ = standby.close(PATIENCE).await;
}

#[tokio::test]
async fn a_refused_event_blocks_its_key_until_an_operator_decides() {
    let scene = Scene::new().await;
    let lamp = lamp();
    let event = |text: &str| {
        let mut lamp = lamp.clone();
        lamp.description.0 = text.to_owned();
        ProductEvent::new_created(&lamp, "Kitchen".to_owned(), Uuid::new_v4())
    };
    // Refused in its batch, and again alone.
    scene.kafka.fail_next_produce(ProduceError::InvalidRecord, 2).expect("planned");
    let relay = scene.relay().await;
    let mut tx = scene.begin().await;
    scene.outbox.in_transaction(&mut tx).publish(event("first")).await.expect("accepted");
    tx.commit().await.expect("committed");
    scene.outbox.wake();
    let start = Instant::now();
    let key = loop {
        if let Some(key) = scene.outbox.blocked().await.expect("the keys").pop() {
            break key;
        }
        assert!(start.elapsed() < PATIENCE, "{relay:?}");
        sleep(Duration::from_millis(10)).await;
    };
    assert_eq!((key.key.as_str(), key.attempts, key.waiting), (event("x").key().as_str(), 1, 0));
    let mut tx = scene.begin().await;
    scene.outbox.in_transaction(&mut tx).publish(event("second")).await.expect("accepted");
    tx.commit().await.expect("committed");
    scene.outbox.wake();
    sleep(Duration::from_millis(300)).await;
    assert_eq!(scene.saved().await.1, 2, "both wait");
    scene.outbox.retry(&key).await.expect("tried again");
    scene.wait_until_empty().await;
    let records = scene.kafka.consume(&scene.config.product_topic, 2).await.expect("both");
    let texts: Vec<_> = records
        .iter()
        .map(|record| record.json::<ProductEvent>().expect("an event").data.description.0)
        .collect();
    assert_eq!(texts, ["first", "second"]);
    let _ = relay.close(PATIENCE).await;
}

#[tokio::test]
async fn an_event_that_is_refused_with_its_batch_is_tried_alone() {
    let scene = Scene::new().await;
    scene.kafka.fail_next_produce(ProduceError::InvalidRecord, 1).expect("planned");
    let relay = scene.relay().await;
    let mut tx = scene.begin().await;
    scene.outbox.in_transaction(&mut tx).publish(created()).await.expect("accepted");
    tx.commit().await.expect("committed");
    scene.outbox.wake();
    scene.wait_until_empty().await;
    assert_eq!(scene.outbox.blocked().await.expect("the keys"), []);
    assert_eq!(scene.kafka.consume(&scene.config.product_topic, 1).await.expect("it arrives").len(), 1);
    let _ = relay.close(PATIENCE).await;
}

#[tokio::test]
async fn an_event_that_no_broker_would_take_is_refused_before_the_commit() {
    let scene = Scene::new().await;
    let mut lamp = lamp();
    lamp.description.0 = incompressible(1_000_000);
    let large = ProductEvent::new_created(&lamp, "Kitchen".to_owned(), Uuid::new_v4());
    let id = large.id();
    let error = scene.outbox.collect().publish(large).await.expect_err("it is too large");
    assert_eq!((error.kind(), error.unpublished()), (ErrorKind::Permanent, &[id][..]));
}

#[test]
fn a_relay_outlives_the_runtime_that_it_was_started_in() {
    let first = tokio::runtime::Runtime::new().expect("a runtime");
    let (scene, relay) = first.block_on(async {
        let scene = Scene::new().await;
        let relay = scene.relay().await;
        let mut tx = scene.begin().await;
        scene.outbox.in_transaction(&mut tx).publish(created()).await.expect("accepted");
        tx.commit().await.expect("committed");
        (scene, relay)
    });
    first.shutdown_background();
    let second = tokio::runtime::Runtime::new().expect("a runtime");
    second.block_on(async {
        let records = scene.kafka.consume(&scene.config.product_topic, 1).await;
        assert_eq!(records.expect("it arrives").len(), 1);
        assert!(relay.close(PATIENCE).await.lease_returned);
    });
}
