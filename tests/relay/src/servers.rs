//! What everything is measured on.

use entity_events::kafka::KafkaConfig;
use std::time::Duration;

use entity_events::outbox::sqlx::{self, AssertSqlSafe, Executor, PgPool};
use entity_events_tests::domain::Topics;
use entity_events_tests::kafka::Kafka;
use entity_events_tests::postgres::Postgres;
use tokio::time::sleep;

/// The size of every payload in bytes.
pub const PAYLOAD: usize = 465;

pub struct Servers {
    pub kafka: Kafka,
    pub postgres: Postgres,
}

impl Servers {
    pub fn start() -> Self {
        Self { kafka: Kafka::start(1), postgres: Postgres::start() }
    }

    pub async fn config(&self, name: &str, partitions: i32) -> KafkaConfig<Topics> {
        self.kafka.config(name, partitions).await
    }
}

/// Fills the table with committed rows, whose keys take turns.
pub async fn fill(pool: &PgPool, topic: &str, rows: i64, keys: i64) {
    // As random as the text of a person: half of it is compressed away.
    let sql = format!(
        r#"INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload, topic, headers)
        SELECT id, 'product', 'key-' || (i * 7919::bigint) % {keys}, 'ProductUpdated',
            rpad('{{"event_id":"' || id || '","number":' || i || ',"description":"' || md5(i::text) || md5((i + 1)::text), {end}, 'abcdefgh') || '"}}',
            '{topic}',
            ('{{"content-type":"application/json","ce_specversion":"1.0","ce_id":"' || id || '","ce_source":"/catalog-service","ce_type":"ProductUpdated",'
            || '"ce_time":"2026-11-23T10:00:00.123456Z","ce_subject":"key-' || (i * 7919::bigint) % {keys} || '","ce_correlationid":"' || id || '","ce_version":"1.0"}}')::json
        FROM (SELECT i, gen_random_uuid() AS id FROM generate_series(1, {rows}) AS i) AS row"#,
        end = PAYLOAD - 2,
    );
    pool.execute(AssertSqlSafe(sql)).await.expect("rows");
    pool.execute("VACUUM ANALYZE outbox_event").await.expect("statistics");
    pool.execute("CHECKPOINT").await.expect("a checkpoint");
}

/// Waits until a query returns `true`.
pub async fn wait_until(pool: &PgPool, query: &'static str) {
    while !sqlx::query_scalar::<_, bool>(query).fetch_one(pool).await.expect("an answer") {
        sleep(Duration::from_millis(20)).await;
    }
}

/// A share of the values is not above the result.
pub fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share) as usize]
}
