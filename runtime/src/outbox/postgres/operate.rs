//! What an operator sees and does. Each is one statement, as the documentation shows it for `psql`.

use sqlx::{PgPool, Row};

use super::super::blocked::{BlockedKey, Resolution};
use super::super::error::OutboxError;

const BLOCKED: &str = "SELECT b.topic, b.aggregateid, b.since, b.id, b.type, b.attempts, b.error, \
     (SELECT count(*) FROM outbox_event e WHERE e.topic = b.topic AND e.aggregateid = b.aggregateid AND e.seq > b.seq) \
     FROM outbox_blocked b ORDER BY b.since";

pub(super) async fn blocked(pool: &PgPool) -> Result<Vec<BlockedKey>, OutboxError> {
    let failed = |error| OutboxError::of("the blocked keys could not be read", error);
    let rows = sqlx::query(BLOCKED).fetch_all(pool).await.map_err(failed)?;
    let keys: Result<Vec<_>, sqlx::Error> = rows
        .iter()
        .map(|row| {
            Ok(BlockedKey {
                topic: row.try_get(0)?,
                key: row.try_get(1)?,
                since: row.try_get(2)?,
                event_id: row.try_get(3)?,
                event_type: row.try_get(4)?,
                attempts: row.try_get::<i32, _>(5)?.unsigned_abs(),
                error: row.try_get(6)?,
                waiting: row.try_get::<i64, _>(7)?.unsigned_abs(),
            })
        })
        .collect();
    keys.map_err(failed)
}

const RETRY: &str =
    "UPDATE outbox_blocked SET retry = true WHERE topic = $1 AND aggregateid = $2 AND id = $3";

const SKIP: &str = "WITH head AS (DELETE FROM outbox_blocked WHERE topic = $1 AND aggregateid = $2 AND id = $3 RETURNING seq) \
     DELETE FROM outbox_event WHERE seq = (SELECT seq FROM head)";

const PARK: &str = "WITH head AS (DELETE FROM outbox_blocked WHERE topic = $1 AND aggregateid = $2 AND id = $3 RETURNING seq, error), \
     event AS (DELETE FROM outbox_event WHERE seq = (SELECT seq FROM head) RETURNING *) \
     INSERT INTO outbox_dead (seq, id, aggregatetype, aggregateid, type, payload, topic, headers, created_at, error) \
     SELECT event.seq, id, aggregatetype, aggregateid, type, payload, topic, headers, created_at, head.error FROM event, head";

pub(super) async fn resolve(
    pool: &PgPool,
    key: &BlockedKey,
    resolution: Resolution,
) -> Result<bool, OutboxError> {
    let statement = match resolution {
        Resolution::Retry => RETRY,
        Resolution::Skip => SKIP,
        Resolution::Park => PARK,
    };
    let done = sqlx::query(statement).bind(&key.topic).bind(&key.key).bind(key.event_id).execute(pool).await;
    let done = done.map_err(|error| OutboxError::of("the blocked key could not be changed", error))?;
    Ok(done.rows_affected() > 0)
}
