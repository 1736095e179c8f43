//! The tables as the relay works with them.

use std::future::pending;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions, Connection, Row as _, SqliteConnection, SqlitePool};

use super::super::relay::{Blocked, Claimed, Depth, Known, Range, Read, Refused, Store, Topic, ago};
use super::lock::Lock;

/// How long a statement waits for other writers.
const BUSY: Duration = Duration::from_secs(10);

/// There is one relay a file, so that its epoch never ends.
const EPOCH: i64 = 1;

#[derive(Debug)]
pub struct SqliteStore {
    /// Asked for its options with each connection. Its connections are the service's.
    pool: SqlitePool,
    lock: Arc<Mutex<Lock>>,
}

#[derive(Debug)]
pub struct SqliteLink {
    connection: SqliteConnection,
    lock: Arc<Mutex<Lock>>,
}

impl SqliteStore {
    pub(super) fn new(pool: &SqlitePool) -> Self {
        let file = PathBuf::from(pool.connect_options().get_filename());
        Self { pool: pool.clone(), lock: Arc::new(Mutex::new(Lock::beside(&file))) }
    }

    fn options(&self) -> SqliteConnectOptions {
        (*self.pool.connect_options()).clone().busy_timeout(BUSY).create_if_missing(false)
    }
}

impl SqliteLink {
    fn lock(&self) -> std::sync::MutexGuard<'_, Lock> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const CLAIM: &str = "SELECT seq, topic, aggregateid, payload, headers, (julianday('now') - julianday(created_at)) * 86400.0 FROM outbox_event \
     WHERE seq > ? ORDER BY seq LIMIT ?";
const RANGES: &str = "SELECT e.seq, e.topic, e.aggregateid, e.payload, e.headers, (julianday('now') - julianday(e.created_at)) * 86400.0 FROM json_each(?) gap \
     JOIN outbox_event e ON e.seq BETWEEN gap.value ->> 0 AND gap.value ->> 1 LIMIT ?";
const TOPIC: &str = "SELECT seq, topic, aggregateid, payload, headers, (julianday('now') - julianday(created_at)) * 86400.0 FROM outbox_event \
     WHERE seq >= ? AND seq <= ? AND topic = ? AND (?4 IS NULL OR aggregateid = ?4) ORDER BY seq LIMIT ?5";
const KNOWN: &str =
    "SELECT seq, topic, aggregateid FROM outbox_event WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?";
const DELETE: &str = "DELETE FROM outbox_event WHERE seq IN (SELECT value FROM json_each(?))";
const BLOCK: &str = "INSERT INTO outbox_blocked (topic, aggregateid, seq, id, type, error) \
     SELECT topic, aggregateid, seq, id, type, ?2 FROM outbox_event WHERE seq = ?1 \
     ON CONFLICT (topic, aggregateid) DO UPDATE SET seq = excluded.seq, id = excluded.id, type = excluded.type, \
     error = excluded.error, retry = 0, \
     attempts = CASE WHEN outbox_blocked.seq = excluded.seq THEN outbox_blocked.attempts + 1 ELSE 1 END, \
     since = CASE WHEN outbox_blocked.seq = excluded.seq THEN outbox_blocked.since ELSE excluded.since END RETURNING id, type, topic";
const PARK: &str = "INSERT INTO outbox_dead (seq, id, aggregatetype, aggregateid, type, payload, topic, headers, created_at, error) \
     SELECT seq, id, aggregatetype, aggregateid, type, payload, topic, headers, created_at, ?2 FROM outbox_event WHERE seq = ?1 RETURNING id, type, topic";
const BLOCKED: &str = "SELECT b.topic, b.aggregateid, b.seq, b.retry, EXISTS (SELECT 1 FROM outbox_event e WHERE e.seq = b.seq) \
     FROM outbox_blocked b";
const UNBLOCK: &str = "DELETE FROM outbox_blocked WHERE seq NOT IN (SELECT seq FROM outbox_event)";
const DEPTH: &str = "SELECT (SELECT count(*) FROM outbox_event), \
     (SELECT (julianday('now') - julianday(created_at)) * 86400.0 FROM outbox_event ORDER BY seq LIMIT 1)";

impl Store for SqliteStore {
    type Connection = SqliteLink;
    type Listener = ();

    const NAME: &'static str = "SQLite";

    async fn connect(&self) -> Result<SqliteLink, sqlx::Error> {
        Ok(SqliteLink { connection: self.options().connect().await?, lock: Arc::clone(&self.lock) })
    }

    async fn close(link: SqliteLink) {
        let _ = link.connection.close().await;
    }

    async fn acquire(link: &mut SqliteLink, _: &str, _: Duration) -> Result<Option<i64>, sqlx::Error> {
        Ok(link.lock().acquire()?.then_some(EPOCH))
    }

    async fn renew(_: &mut SqliteLink, _: i64, _: Duration) -> Result<bool, sqlx::Error> {
        Ok(true)
    }

    async fn holds(_: &mut SqliteLink, _: i64) -> Result<bool, sqlx::Error> {
        Ok(true)
    }

    async fn release(link: &mut SqliteLink, _: i64) -> Result<(), sqlx::Error> {
        link.lock().release();
        Ok(())
    }

    async fn claim(
        link: &mut SqliteLink,
        after: i64,
        gaps: &[Range],
        limit: usize,
        late: usize,
    ) -> Result<Read, sqlx::Error> {
        let asked = Instant::now();
        let query = sqlx::query(CLAIM).bind(after).bind(number(limit));
        let mut read = all(&query.fetch_all(&mut link.connection).await?, asked)?;
        if !gaps.is_empty() {
            read.rows.extend(Self::ranges(link, gaps, late + 1).await?.rows);
        }
        Ok(read)
    }

    async fn ranges(link: &mut SqliteLink, gaps: &[Range], limit: usize) -> Result<Read, sqlx::Error> {
        let gaps: Vec<_> = gaps.iter().map(|range| [range.first, range.last]).collect();
        let asked = Instant::now();
        let query = sqlx::query(RANGES).bind(json(&gaps)?).bind(number(limit));
        all(&query.fetch_all(&mut link.connection).await?, asked)
    }

    async fn topic(
        link: &mut SqliteLink,
        topic: &Topic,
        range: Range,
        limit: usize,
    ) -> Result<Read, sqlx::Error> {
        let asked = Instant::now();
        let query = sqlx::query(TOPIC)
            .bind(range.first)
            .bind(range.last)
            .bind(&topic.name)
            .bind(&topic.key)
            .bind(number(limit));
        all(&query.fetch_all(&mut link.connection).await?, asked)
    }

    async fn known(
        link: &mut SqliteLink,
        after: i64,
        to: i64,
        limit: usize,
    ) -> Result<Vec<Known>, sqlx::Error> {
        let query = sqlx::query(KNOWN).bind(after).bind(to).bind(number(limit));
        let rows = query.fetch_all(&mut link.connection).await?;
        rows.iter()
            .map(|row| Ok(Known { seq: row.try_get(0)?, topic: row.try_get(1)?, key: row.try_get(2)? }))
            .collect()
    }

    async fn delete(link: &mut SqliteLink, seqs: &[i64], _: i64) -> Result<u64, sqlx::Error> {
        let query = sqlx::query(DELETE).bind(json(seqs)?);
        Ok(query.execute(&mut link.connection).await?.rows_affected())
    }

    async fn block(
        link: &mut SqliteLink,
        seq: i64,
        _: i64,
        error: &str,
    ) -> Result<Option<Refused>, sqlx::Error> {
        let row = sqlx::query(BLOCK).bind(seq).bind(error).fetch_optional(&mut link.connection).await?;
        row.as_ref().map(refused).transpose()
    }

    async fn park(
        link: &mut SqliteLink,
        seq: i64,
        _: i64,
        error: &str,
    ) -> Result<Option<Refused>, sqlx::Error> {
        let mut tx = link.connection.begin_with("BEGIN IMMEDIATE").await?;
        let row = sqlx::query(PARK).bind(seq).bind(error).fetch_optional(&mut *tx).await?;
        let query = sqlx::query(DELETE).bind(json(&[seq])?);
        query.execute(&mut *tx).await?;
        tx.commit().await?;
        row.as_ref().map(refused).transpose()
    }

    async fn blocked(link: &mut SqliteLink) -> Result<Vec<Blocked>, sqlx::Error> {
        let rows = sqlx::query(BLOCKED).fetch_all(&mut link.connection).await?;
        let mut blocked = Vec::new();
        for row in &rows {
            let (topic, key, seq) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            if row.try_get(4)? {
                blocked.push(Blocked { topic, key, seq, retry: row.try_get(3)? });
            }
        }
        // A deletion takes the writers' lock, also if it finds nothing.
        if blocked.len() < rows.len() {
            sqlx::query(UNBLOCK).execute(&mut link.connection).await?;
        }
        Ok(blocked)
    }

    async fn depth(link: &mut SqliteLink) -> Result<Depth, sqlx::Error> {
        let row = sqlx::query(DEPTH).fetch_one(&mut link.connection).await?;
        let (pending, age): (i64, Option<f64>) = (row.try_get(0)?, row.try_get(1)?);
        let oldest = age.and_then(|age| Duration::try_from_secs_f64(age.max(0.0)).ok());
        Ok(Depth { pending: pending.unsigned_abs(), oldest })
    }

    /// There is no other relay on the file. What another process commits is found by the poll.
    async fn announce(_: &mut SqliteLink) -> Result<(), sqlx::Error> {
        Ok(())
    }

    async fn listen(&self) -> Result<(), sqlx::Error> {
        Ok(())
    }

    async fn heard((): &mut ()) -> Result<(), sqlx::Error> {
        pending().await
    }
}

fn refused(row: &SqliteRow) -> Result<Refused, sqlx::Error> {
    Ok(Refused { event_id: row.try_get(0)?, event_type: row.try_get(1)?, topic: row.try_get(2)? })
}

/// Writers take turns, so numbers follow the order of commits.
fn all(rows: &[SqliteRow], asked: Instant) -> Result<Read, sqlx::Error> {
    let rows: Result<_, sqlx::Error> = rows
        .iter()
        .map(|row| {
            Ok(Claimed {
                seq: row.try_get(0)?,
                topic: row.try_get(1)?,
                key: row.try_get(2)?,
                value: row.try_get(3)?,
                headers: row.try_get(4)?,
                inserted: ago(row.try_get(5)?, asked),
            })
        })
        .collect();
    Ok(Read { rows: rows?, snapshot: None })
}

fn json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()))
}

fn number(limit: usize) -> i64 {
    limit.try_into().unwrap_or(i64::MAX)
}
