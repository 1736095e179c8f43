//! The closest peer, at the setting of its that measured best: `outbox-core`, `outbox-postgres` and `outbox-kafka`.

use std::sync::Arc;
use std::time::Instant;

use entity_events::outbox::sqlx::{AssertSqlSafe, Executor, PgPool};
use outbox_core::prelude::{OutboxConfig, OutboxManagerBuilder};
use outbox_kafka::{KafkaKeyExtractable, KafkaTransport};
use outbox_postgres::PostgresOutbox;
use rdkafka::ClientConfig;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::servers::{PAYLOAD, Servers, wait_until};

/// From its documentation, without the trigger: nothing commits while the backlog is relayed.
const SCHEMA: &str = "create type status as enum ('Pending', 'Processing', 'Sent'); \
     create table outbox_events (id uuid primary key default gen_random_uuid(), idempotency_token text default null, \
     event_type text not null, payload jsonb not null, status status not null default 'Pending', \
     created_at timestamptz not null default now(), locked_until timestamptz not null default '-infinity'); \
     CREATE INDEX idx_outbox_processing_queue ON outbox_events (locked_until ASC, status) WHERE status IN ('Pending', 'Processing'); \
     CREATE UNIQUE INDEX idx_outbox_idempotency ON outbox_events (idempotency_token);";

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Change {
    key: String,
    description: String,
}

impl KafkaKeyExtractable for Change {
    fn kafka_key(&self) -> Vec<u8> {
        self.key.clone().into_bytes()
    }
}

/// Relays a backlog, and returns its rate.
pub async fn measure(servers: &Servers, rows: i64, partitions: i32, keys: i64) -> f64 {
    let topic = "peer";
    servers.kafka.create_topic(topic, partitions, &[]).await;
    let url = servers.postgres.empty_database().await;
    let ours = PgPool::connect(&url).await.expect("a pool");
    ours.execute(SCHEMA).await.expect("its tables");
    let fill = format!(
        "INSERT INTO outbox_events (event_type, payload) SELECT 'ProductUpdated', jsonb_build_object('key', 'key-' || (i * 7919::bigint) % {keys}, \
         'description', rpad(md5(i::text) || md5((i + 1)::text), {}, 'abcdefgh')) FROM generate_series(1, {rows}) AS i; \
         VACUUM ANALYZE outbox_events; CHECKPOINT",
        PAYLOAD - 40
    );
    for statement in fill.split(';') {
        ours.execute(AssertSqlSafe(statement.to_owned())).await.expect("rows");
    }
    let pool = sqlx_08::PgPool::connect(&url).await.expect("a pool");
    let mut config = OutboxConfig::<Change>::default();
    config.batch_size = 1_000;
    config.poll_interval_secs = 1;
    let config = Arc::new(config);
    let mut client = ClientConfig::new();
    client.set("bootstrap.servers", servers.kafka.bootstrap_servers()).set("linger.ms", "0");
    let (stop, stopped) = watch::channel(false);
    let manager = OutboxManagerBuilder::new()
        .storage(Arc::new(PostgresOutbox::new(pool, Arc::clone(&config))))
        .publisher(Arc::new(KafkaTransport::new(topic, &client).expect("a producer")))
        .config(config)
        .shutdown_rx(stopped)
        .build()
        .expect("a manager");
    let begin = Instant::now();
    let running = tokio::spawn(manager.run());
    wait_until(&ours, "SELECT NOT EXISTS (SELECT FROM outbox_events WHERE status <> 'Sent')").await;
    let rate = rows as f64 / begin.elapsed().as_secs_f64();
    stop.send(true).expect("it runs");
    let _ = running.await;
    println!("peer, {rows} rows, {keys} keys, {partitions} partitions: {rate:.0} rows/s");
    rate
}
