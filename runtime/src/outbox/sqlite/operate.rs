//! What an operator sees and does.

use chrono::{DateTime, Utc};
use sqlx::{Row, SqlitePool};

use super::super::blocked::{BlockedKey, Resolution};
use super::super::error::OutboxError;

const BLOCKED: &str = "SELECT b.topic, b.aggregateid, b.since, b.id, b.type, b.attempts, b.error, \
     (SELECT count(*) FROM outbox_event e WHERE e.topic = b.topic AND e.aggregateid = b.aggregateid AND e.seq > b.seq) \
     FROM outbox_blocked b ORDER BY b.since";

pub(super) async fn blocked(pool: &SqlitePool) -> Result<Vec<BlockedKey>, OutboxError> {
    let failed = |error| OutboxError::of("the blocked keys could not be read", error);
    let rows = sqlx::query(BLOCKED).fetch_all(pool).await.map_err(failed)?;
    let keys: Result<Vec<_>, sqlx::Error> = rows
        .iter()
        .map(|row| {
            let id: String = row.try_get(3)?;
            Ok(BlockedKey {
                topic: row.try_get(0)?,
                key: row.try_get(1)?,
                since: row.try_get::<DateTime<Utc>, _>(2)?,
                event_id: id.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
                event_type: row.try_get(4)?,
                attempts: row.try_get::<i32, _>(5)?.unsigned_abs(),
                error: row.try_get(6)?,
                waiting: row.try_get::<i64, _>(7)?.unsigned_abs(),
            })
        })
        .collect();
    keys.map_err(failed)
}

const RETRY: &str = "UPDATE outbox_blocked SET retry = 1 WHERE topic = ? AND aggregateid = ? AND id = ?";

const HEAD: &str = "(SELECT seq FROM outbox_blocked WHERE topic = ? AND aggregateid = ? AND id = ?)";

pub(super) async fn resolve(
    pool: &SqlitePool,
    key: &BlockedKey,
    resolution: Resolution,
) -> Result<bool, OutboxError> {
    let failed = |error| OutboxError::of("the blocked key could not be changed", error);
    let id = key.event_id.hyphenated().to_string();
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let statements: Vec<String> = match resolution {
        Resolution::Retry => vec![RETRY.to_owned()],
        Resolution::Skip => vec![delete("outbox_event"), delete("outbox_blocked")],
        Resolution::Park => vec![park(), delete("outbox_event"), delete("outbox_blocked")],
    };
    let mut affected = 0;
    for statement in statements {
        let query = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(&key.topic).bind(&key.key).bind(&id);
        affected = query.execute(&mut *tx).await.map_err(failed)?.rows_affected();
    }
    tx.commit().await.map_err(failed)?;
    Ok(affected > 0)
}

fn delete(table: &str) -> String {
    format!("DELETE FROM {table} WHERE seq = {HEAD}")
}

fn park() -> String {
    format!(
        "INSERT INTO outbox_dead (seq, id, aggregatetype, aggregateid, type, payload, topic, headers, created_at, error) \
         SELECT e.seq, e.id, e.aggregatetype, e.aggregateid, e.type, e.payload, e.topic, e.headers, e.created_at, b.error \
         FROM outbox_event e JOIN outbox_blocked b ON b.seq = e.seq WHERE e.seq = {HEAD}"
    )
}
