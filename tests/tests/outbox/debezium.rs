//! What Debezium publishes of the outbox's table is what the relay publishes.

use entity_events::kafka::KafkaEventService;
use entity_events::outbox::sqlx::{self, AssertSqlSafe, Executor, PgPool, Transaction};
use entity_events::outbox::{Debezium, PgOutbox};
use entity_events_tests::debezium::Debezium as Connect;
use entity_events_tests::domain::OrderTopics;
use entity_events_tests::kafka::Kafka;
use entity_events_tests::postgres::Postgres;
use tokio::task::block_in_place;

use crate::gallery::{self, GalleryConfig, GalleryEvents, GalleryTopics};
use crate::wire::{self, WireRecords};

type GalleryOutbox = PgOutbox<GalleryTopics>;

#[tokio::test(flavor = "multi_thread")]
async fn debezium_publishes_the_records_of_the_relay() {
    let (kafka, waiting, later) = (Kafka::shared(), gallery::events(), gallery::events());
    let (direct, n) = published(kafka, "debezium.direct", [&waiting, &later]).await;

    let config = gallery::config(kafka, "debezium.outbox").await;
    let database = Postgres::shared().database().await;
    let pool = PgPool::connect(&database).await.expect("a pool");
    // Rows that the relay has left, and then those that come while Debezium reads the log.
    write(&pool, &config, &waiting).await.commit().await.expect("committed");
    let debezium = GalleryOutbox::debezium();
    for _ in 0..2 {
        migrate(&pool, &debezium).await;
    }
    GalleryOutbox::new(pool.clone(), &config).check().await.expect("the outbox accepts the further columns");
    let connect = block_in_place(|| Connect::start(kafka, &database, &debezium.connector()));
    let mut tx = write(&pool, &config, &later).await;
    // Debezium reads the log: nobody needs the rows.
    tx.execute("DELETE FROM outbox_event").await.expect("deleted");
    tx.commit().await.expect("committed");

    wire::assert_equal(&wire::read(kafka, &config, n), &direct, &connect.log());
}

/// In the order that the documentation gives: migration, connector, service.
#[tokio::test(flavor = "multi_thread")]
async fn an_entity_gets_a_further_header_while_debezium_runs() {
    let (kafka, old, between, new) =
        (Kafka::shared(), gallery::plain_events(), gallery::plain_events(), gallery::events());
    let (direct, n) = published(kafka, "debezium.further.direct", [&old, &between, &new]).await;

    let config = gallery::config(kafka, "debezium.further").await;
    let database = Postgres::shared().database().await;
    let pool = PgPool::connect(&database).await.expect("a pool");
    let write = async |events| write(&pool, &config, events).await.commit().await.expect("committed");
    // The topics of an entity without headers.
    let before = PgOutbox::<OrderTopics>::debezium();
    migrate(&pool, &before).await;
    let connect = block_in_place(|| Connect::start(kafka, &database, &before.connector()));
    write(&old).await;
    let after = GalleryOutbox::debezium();
    migrate(&pool, &after).await;
    write(&between).await;
    block_in_place(|| connect.update(&after.connector()));
    write(&new).await;

    wire::assert_equal(&wire::read(kafka, &config, n), &direct, &connect.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_without_a_column_is_noticed_at_the_start() {
    let (config, pool) = (GalleryConfig::default(), Postgres::shared().pool().await);
    let outbox = GalleryOutbox::new(pool.clone(), &config);
    outbox.check().await.expect("nothing is missing without Debezium");
    migrate(&pool, &PgOutbox::<OrderTopics>::debezium()).await;
    let error = outbox.check().await.expect_err("the gallery has more headers").to_string();
    assert!(error.contains("Debezium") && error.contains(r#"ADD COLUMN IF NOT EXISTS "x-owner""#), "{error}");
    migrate(&pool, &GalleryOutbox::debezium()).await;
    outbox.check().await.expect("nothing is missing");
}

/// What the direct lane publishes, whose records `one_form` compares with those of the relay; and how many.
async fn published<const N: usize>(
    kafka: &Kafka,
    name: &str,
    events: [&GalleryEvents; N],
) -> (WireRecords, usize) {
    let config = gallery::config(kafka, name).await;
    let service = KafkaEventService::new(&config).expect("a service");
    for event in events.into_iter().flatten() {
        event.publish(&service).await;
    }
    let n = wire::count(kafka, &config);
    (wire::read(kafka, &config, n), n)
}

async fn migrate(pool: &PgPool, debezium: &Debezium) {
    pool.execute(AssertSqlSafe(debezium.migration())).await.expect("migrated");
}

async fn write(
    pool: &PgPool,
    config: &GalleryConfig,
    events: &GalleryEvents,
) -> Transaction<'static, sqlx::Postgres> {
    let collection = GalleryOutbox::new(pool.clone(), config).collect();
    for event in events {
        event.collect(&collection).await;
    }
    let mut tx = pool.begin().await.expect("a transaction");
    collection.write(&mut tx).await.expect("written");
    tx
}
