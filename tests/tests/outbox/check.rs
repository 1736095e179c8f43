//! The check of the tables says which SQL to run, and that SQL is right.

use entity_events::kafka::KafkaConfig;
use entity_events::outbox::sqlx::{AssertSqlSafe, Executor, PgPool};
use entity_events::outbox::{OutboxRelay, PgOutbox};
use entity_events_tests::domain::Topics;
use entity_events_tests::postgres::Postgres;

/// Each change, and what the check has to name.
const CHANGES: [(&str, &str); 18] = [
    ("DROP TABLE outbox_event, outbox_lease, outbox_blocked, outbox_dead", "are missing"),
    ("DROP TABLE outbox_dead", "1 of the outbox's 4 tables"),
    ("ALTER TABLE outbox_event DROP COLUMN topic", "ADD COLUMN topic text NOT NULL"),
    ("ALTER TABLE outbox_event DROP COLUMN headers", "ADD COLUMN headers json NOT NULL"),
    (
        "ALTER TABLE outbox_event ALTER payload TYPE jsonb USING payload::jsonb",
        "ALTER COLUMN payload TYPE text",
    ),
    ("ALTER TABLE outbox_event ALTER payload SET NOT NULL", "ALTER COLUMN payload DROP NOT NULL"),
    ("ALTER TABLE outbox_event ALTER topic DROP NOT NULL", "ALTER COLUMN topic SET NOT NULL"),
    ("ALTER TABLE outbox_event ADD COLUMN tenant text NOT NULL", "ALTER COLUMN \"tenant\" DROP NOT NULL"),
    ("ALTER TABLE outbox_event ALTER seq DROP IDENTITY", "ADD GENERATED ALWAYS AS IDENTITY"),
    ("ALTER TABLE outbox_event ALTER seq TYPE integer", "ALTER COLUMN seq TYPE bigint"),
    ("ALTER TABLE outbox_blocked DROP COLUMN retry", "ADD COLUMN retry boolean NOT NULL"),
    ("ALTER TABLE outbox_dead RENAME error TO reason", "ADD COLUMN error text NOT NULL"),
    ("DELETE FROM outbox_lease", "INSERT INTO outbox_lease"),
    (
        "INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, topic) VALUES (gen_random_uuid(), 'a', 'b', 'c', 'd'); \
         ALTER TABLE outbox_event DROP COLUMN created_at",
        "ADD COLUMN created_at timestamp with time zone NOT NULL DEFAULT now()",
    ),
    ("ALTER TABLE outbox_event ALTER headers DROP DEFAULT", "ALTER COLUMN headers SET DEFAULT '{}'"),
    ("ALTER TABLE outbox_lease ALTER until DROP DEFAULT", "ALTER COLUMN until SET DEFAULT '-infinity'"),
    (
        "ALTER TABLE outbox_blocked DROP CONSTRAINT outbox_blocked_pkey",
        "CREATE UNIQUE INDEX ON outbox_blocked (aggregateid, topic)",
    ),
    (
        "ALTER TABLE outbox_event DROP CONSTRAINT outbox_event_pkey",
        "CREATE UNIQUE INDEX ON outbox_event (seq)",
    ),
];

fn outbox(pool: &PgPool) -> PgOutbox<Topics> {
    PgOutbox::new(pool.clone(), &KafkaConfig::default())
}

/// The SQL in a message, which ends it.
fn sql(message: &str) -> String {
    message.split_once(":\n").expect("SQL after the first line").1.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sql_of_a_failed_check_repairs_the_tables() {
    for (change, expected) in CHANGES {
        let pool = Postgres::shared().pool().await;
        let outbox = outbox(&pool);
        outbox.check().await.expect("the tables as they ship");
        pool.execute(change).await.expect("the change");
        let config = KafkaConfig::<Topics>::default();
        let error = OutboxRelay::builder(&outbox, &config).start().await.expect_err(change).to_string();
        assert!(error.contains(expected), "{change}: {error}");
        pool.execute(AssertSqlSafe(sql(&error)))
            .await
            .unwrap_or_else(|failure| panic!("{change}: {error}\n{failure}"));
        outbox.check().await.unwrap_or_else(|failure| panic!("{change}: {failure}"));
        let relay = OutboxRelay::builder(&outbox, &config).start().await;
        relay.unwrap_or_else(|failure| panic!("{change}: {failure}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn further_columns_that_an_insert_can_do_without_are_fine() {
    let pool = Postgres::shared().pool().await;
    pool.execute(
        "ALTER TABLE outbox_event ADD COLUMN tenant text, ADD COLUMN region text NOT NULL DEFAULT 'eu'",
    )
    .await
    .expect("two columns");
    outbox(&pool).check().await.expect("no complaint");
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_permissions_are_named_with_their_grants() {
    let url = Postgres::shared().database().await;
    let owner = PgPool::connect(&url).await.expect("a pool");
    owner.execute("DROP ROLE IF EXISTS writer; CREATE ROLE writer LOGIN").await.expect("a role");
    let pool = PgPool::connect(&url.replace("postgres@", "writer@")).await.expect("a pool");
    let outbox = outbox(&pool);
    let error = outbox.check().await.expect_err("no permission").to_string();
    assert!(error.contains("GRANT SELECT ON outbox_event TO writer"), "{error}");
    assert!(error.contains("GRANT INSERT ON outbox_event TO writer"), "{error}");
    owner.execute(AssertSqlSafe(sql(&error))).await.expect("the grants");
    outbox.check().await.expect("a writer needs no more");

    let config = KafkaConfig::<Topics>::default();
    let error = OutboxRelay::builder(&outbox, &config).start().await.expect_err("a relay does").to_string();
    for grant in [
        "DELETE ON outbox_event",
        "UPDATE ON outbox_lease",
        "INSERT ON outbox_blocked",
        "INSERT ON outbox_dead",
    ] {
        assert!(error.contains(&format!("GRANT {grant} TO writer")), "{error}");
    }
    owner.execute(AssertSqlSafe(sql(&error))).await.expect("the grants");
    let _relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_an_error_of_the_start() {
    let pool = PgPool::connect_lazy("postgres://postgres@127.0.0.1:1/none").expect("a pool");
    let error = outbox(&pool).check().await.expect_err("nobody listens").to_string();
    assert!(error.starts_with("the outbox table could not be checked: "), "{error}");
}
