//! What goes wrong before the commit fails the transaction, and nothing is saved without its event.

use entity_events::kafka::KafkaConfig;
use entity_events::outbox::PgOutbox;
use entity_events::outbox::sqlx::{self, Connection, Executor, PgPool};
use entity_events::{ErrorKind, Event, Publish};
use entity_events_tests::load::{Counter, CounterEvent, CounterTopics};
use entity_events_tests::postgres::Postgres;
use uuid::Uuid;

struct Scene {
    pool: PgPool,
    outbox: PgOutbox<CounterTopics>,
}

impl Scene {
    async fn new() -> Self {
        let pool = Postgres::shared().pool().await;
        pool.execute("CREATE TABLE entity (id bigint PRIMARY KEY)").await.expect("a table");
        let outbox = PgOutbox::new(pool.clone(), &KafkaConfig::default());
        Self { pool, outbox }
    }

    /// The rows of the change, and those of its event.
    async fn saved(&self) -> (i64, i64) {
        let count = "SELECT (SELECT count(*) FROM entity), (SELECT count(*) FROM outbox_event)";
        sqlx::query_as(count).fetch_one(&self.pool).await.expect("a count")
    }
}

fn event(id: usize, padding: usize) -> CounterEvent {
    let counter = Counter { id, number: 1, padding: "x".repeat(padding) };
    CounterEvent::new_created(&counter, Uuid::new_v4())
}

const CHANGE: &str = "INSERT INTO entity VALUES (1)";

/// A trigger that refuses events of one key, so that the insert itself fails.
const REFUSE: &str = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     IF NEW.aggregateid = '7' THEN RAISE EXCEPTION 'no sevens'; END IF; RETURN NEW; END $$; \
     CREATE TRIGGER refuse BEFORE INSERT ON outbox_event FOR EACH ROW EXECUTE FUNCTION refuse()";

#[tokio::test(flavor = "multi_thread")]
async fn a_rolled_back_transaction_saves_neither() {
    let scene = Scene::new().await;
    let mut tx = scene.pool.begin().await.expect("a transaction");
    tx.execute(CHANGE).await.expect("the change");
    scene.outbox.in_transaction(&mut tx).publish(event(1, 0)).await.expect("accepted");
    let collected = scene.outbox.collect();
    collected.publish(event(2, 0)).await.expect("accepted");
    collected.write(&mut tx).await.expect("written");
    tx.rollback().await.expect("rolled back");
    assert_eq!(scene.saved().await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_events_of_a_transaction_keep_their_order() {
    let scene = Scene::new().await;
    let mut tx = scene.pool.begin().await.expect("a transaction");
    let producer = scene.outbox.in_transaction(&mut tx);
    producer.publish_all((0..50).map(|id| event(id, 0)).collect()).await.expect("accepted");
    drop(producer);
    let collected = scene.outbox.collect();
    for id in 50..100 {
        collected.emit(event(id, 0)).await;
    }
    scene.outbox.commit(tx, collected).await.expect("committed");
    let keys: Vec<String> = sqlx::query_scalar("SELECT aggregateid FROM outbox_event ORDER BY seq")
        .fetch_all(&scene.pool)
        .await
        .expect("the rows");
    assert_eq!(keys, (0..100).map(|id| id.to_string()).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emit_that_cannot_be_inserted_fails_the_commit_with_its_id() {
    for nested in [false, true] {
        let scene = Scene::new().await;
        scene.pool.execute(REFUSE).await.expect("a trigger");
        let (good, bad) = (event(1, 0), event(7, 0));
        let id = bad.event_id;
        let mut tx = scene.pool.begin().await.expect("a transaction");
        tx.execute(CHANGE).await.expect("the change");
        scene.outbox.in_transaction(&mut tx).emit(good).await;
        if nested {
            let mut inner = tx.begin().await.expect("a savepoint");
            scene.outbox.in_transaction(&mut inner).emit(bad).await;
            inner.commit().await.expect("released");
        } else {
            scene.outbox.in_transaction(&mut tx).emit(bad).await;
        }
        // What the caller does next must not be saved either.
        tx.execute("INSERT INTO entity VALUES (2)").await.expect("the connection can be used");
        let error = tx.commit().await.expect_err("nothing can be committed").to_string();
        assert!(error.contains(&id.to_string()) && error.contains("no sevens"), "{error}");
        assert_eq!(scene.saved().await, (0, 0), "nested: {nested}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emit_fails_the_commit_where_no_temporary_table_can_be_created() {
    let scene = Scene::new().await;
    scene.pool.execute(REFUSE).await.expect("a trigger");
    let database: String =
        sqlx::query_scalar("SELECT current_database()").fetch_one(&scene.pool).await.expect("its name");
    let revoke = format!(
        "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC; DROP ROLE IF EXISTS plain; CREATE ROLE plain LOGIN; \
         GRANT SELECT, INSERT ON outbox_event, entity TO plain"
    );
    scene.pool.execute(sqlx::AssertSqlSafe(revoke)).await.expect("a role");
    let url = format!("{}/{database}", Postgres::shared().server_url().replace("postgres@", "plain@"));
    let pool = PgPool::connect(&url).await.expect("a pool");
    let mut tx = pool.begin().await.expect("a transaction");
    tx.execute(CHANGE).await.expect("the change");
    scene.outbox.in_transaction(&mut tx).emit(event(7, 0)).await;
    tx.commit().await.expect_err("the connection is gone");
    assert_eq!(scene.saved().await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emit_that_cannot_be_collected_fails_the_commit_with_the_ids_of_all() {
    let scene = Scene::new().await;
    let mut tx = scene.pool.begin().await.expect("a transaction");
    tx.execute(CHANGE).await.expect("the change");
    let (small, large) = (event(2, 0), event(1, 2_000_000));
    let ids = [small.event_id, large.event_id];
    let collected = scene.outbox.collect();
    collected.emit(small).await;
    collected.emit(large).await;
    let error = scene.outbox.commit(tx, collected).await.expect_err("it is too large");
    assert_eq!((error.kind(), error.unpublished()), (ErrorKind::Permanent, &ids[..]), "{error}");
    assert_eq!(scene.saved().await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_no_broker_would_take_is_refused_before_the_commit() {
    let scene = Scene::new().await;
    let mut tx = scene.pool.begin().await.expect("a transaction");
    let large = event(1, 1_000_000);
    let id = large.id();
    let error = scene.outbox.in_transaction(&mut tx).publish(large).await.expect_err("it is too large");
    assert_eq!((error.kind(), error.unpublished()), (ErrorKind::Permanent, &[id][..]));
    assert!(error.to_string().contains("producer.message_max_bytes"), "{error}");
    // The caller knows, and may go on.
    scene.outbox.in_transaction(&mut tx).publish(event(2, 900_000)).await.expect("just small enough");
    tx.commit().await.expect("committed");
    assert_eq!(scene.saved().await, (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_has_failed_takes_no_events() {
    let scene = Scene::new().await;
    let mut tx = scene.pool.begin().await.expect("a transaction");
    tx.execute(CHANGE).await.expect("the change");
    tx.execute("SELECT 1 / 0").await.expect_err("a failure that the caller ignores");
    let error = scene.outbox.in_transaction(&mut tx).publish(event(1, 0)).await.expect_err("it has failed");
    assert!(error.to_string().contains("an earlier statement of the transaction failed"), "{error}");
    // PostgreSQL itself answers a commit of such a transaction with no error.
    let error = scene.outbox.commit(tx, scene.outbox.collect()).await.expect_err("nothing was saved");
    assert!(error.to_string().contains("current transaction is aborted"), "{error}");

    let mut tx = scene.pool.begin().await.expect("a transaction");
    tx.execute("SELECT 1 / 0").await.expect_err("a failure that the caller ignores");
    let lost = event(2, 0);
    let id = lost.event_id;
    scene.outbox.in_transaction(&mut tx).emit(lost).await;
    let error = tx.commit().await.expect_err("nothing was saved").to_string();
    assert!(error.contains(&id.to_string()), "{error}");
    assert_eq!(scene.saved().await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_is_written_once() {
    let scene = Scene::new().await;
    let collected = scene.outbox.collect();
    collected.publish(event(1, 0)).await.expect("accepted");
    let mut tx = scene.pool.begin().await.expect("a transaction");
    collected.write(&mut tx).await.expect("written");
    let error = collected.write(&mut tx).await.expect_err("it is empty now");
    assert!(error.to_string().contains("was written before"), "{error}");
    let late = event(2, 0);
    let id = late.event_id;
    let error = collected.publish(late).await.expect_err("nobody would write it");
    assert_eq!(error.unpublished(), [id], "{error}");
    tx.commit().await.expect("committed");
    assert_eq!(scene.saved().await, (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_database_is_noticed() {
    let (scene, other) = (Scene::new().await, Scene::new().await);
    scene.outbox.check().await.expect("the tables");
    let tx = other.pool.begin().await.expect("a transaction");
    let collected = scene.outbox.collect();
    collected.publish(event(1, 0)).await.expect("accepted");
    let error = scene.outbox.commit(tx, collected).await.expect_err("its relay would never see it");
    assert!(error.to_string().contains("another table or database"), "{error}");
    assert_eq!(other.saved().await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_table_names_the_schema() {
    let url = Postgres::shared().empty_database().await;
    let pool = PgPool::connect(&url).await.expect("a pool");
    let outbox = PgOutbox::<CounterTopics>::new(pool.clone(), &KafkaConfig::default());
    let mut tx = pool.begin().await.expect("a transaction");
    let error = outbox.in_transaction(&mut tx).publish(event(1, 0)).await.expect_err("no table");
    assert_eq!(error.kind(), ErrorKind::Permanent);
    assert!(error.to_string().contains("PgOutbox::SCHEMA"), "{error}");
    drop(tx);
    let mut tx = pool.begin().await.expect("a transaction");
    let lost = event(2, 0);
    let id = lost.event_id;
    outbox.in_transaction(&mut tx).emit(lost).await;
    let error = tx.commit().await.expect_err("nothing was saved").to_string();
    assert!(error.contains(&id.to_string()), "{error}");
}
