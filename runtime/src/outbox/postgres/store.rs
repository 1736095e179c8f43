//! The tables as the relay works with them.

use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions, PgRow};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool, Row as _};

use super::super::relay::{
    Blocked, Claimed, Depth, Known, Range, Read, Refused, Snapshot, Store, Topic, ago,
};

/// What a relay tells the others of its database by `NOTIFY`: that something was committed, or that the lease is free.
const CHANNEL: &str = "entity_events_outbox";

#[derive(Debug)]
pub struct PgStore {
    /// Asked for its options with each connection, since its password may change. Its connections are the service's.
    pool: PgPool,
}

impl PgStore {
    pub(super) fn new(pool: &PgPool) -> Self {
        Self { pool: pool.clone() }
    }

    fn options(&self) -> PgConnectOptions {
        self.pool.connect_options().as_ref().clone()
    }
}

/// The columns of a [`Claimed`].
macro_rules! columns {
    () => {
        "e.seq, e.topic, e.aggregateid, e.payload, e.headers::text, date_part('epoch', clock_timestamp() - e.created_at)"
    };
}

/// Selects rows, and before them, as a row without a number, the snapshot in which all of them are read.
macro_rules! read {
    ($($rows:expr),*) => {
        concat!("(SELECT NULL::bigint, pg_current_snapshot()::text, '', NULL, '', NULL::float8)" $(, " UNION ALL (SELECT ", columns!(), $rows, ")")*)
    };
}

const CLAIM: &str = read!(" FROM outbox_event e WHERE e.seq > $1 ORDER BY e.seq LIMIT $2");

const CLAIM_WITH_GAPS: &str = read!(
    " FROM outbox_event e WHERE e.seq > $1 ORDER BY e.seq LIMIT $2",
    " FROM unnest($3::bigint[], $4::bigint[]) AS gap (first, last) JOIN outbox_event e ON e.seq BETWEEN gap.first AND gap.last \
     LIMIT $5"
);

const RANGES: &str = read!(
    " FROM unnest($1::bigint[], $2::bigint[]) AS gap (first, last) JOIN outbox_event e ON e.seq BETWEEN gap.first AND gap.last \
     LIMIT $3"
);

const TOPIC: &str = read!(
    " FROM outbox_event e WHERE e.seq >= $1 AND e.seq <= $2 AND e.topic = $4 AND ($5::text IS NULL OR e.aggregateid = $5) \
     ORDER BY e.seq LIMIT $3"
);

const KNOWN: &str =
    "SELECT seq, topic, aggregateid FROM outbox_event WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3";

/// The time is compared by the database's clock.
const ACQUIRE: &str = "UPDATE outbox_lease SET holder = $1, epoch = epoch + 1, until = clock_timestamp() + $2 \
     WHERE holder IS NULL OR until < clock_timestamp() RETURNING epoch";
const RENEW: &str = "UPDATE outbox_lease SET until = clock_timestamp() + $2 WHERE epoch = $1";
const HOLDS: &str = "SELECT EXISTS (SELECT FROM outbox_lease WHERE epoch = $1)";
const RELEASE: &str = "UPDATE outbox_lease SET holder = NULL, until = '-infinity' WHERE epoch = $1";

const DELETE: &str = "DELETE FROM outbox_event WHERE seq = ANY($1) AND (SELECT epoch FROM outbox_lease) = $2";

const BLOCK: &str = "INSERT INTO outbox_blocked (topic, aggregateid, seq, id, type, error) \
     SELECT topic, aggregateid, seq, id, type, $3 FROM outbox_event WHERE seq = $1 AND (SELECT epoch FROM outbox_lease) = $2 \
     ON CONFLICT (topic, aggregateid) DO UPDATE SET seq = excluded.seq, id = excluded.id, type = excluded.type, \
     error = excluded.error, retry = false, \
     attempts = CASE WHEN outbox_blocked.seq = excluded.seq THEN outbox_blocked.attempts + 1 ELSE 1 END, \
     since = CASE WHEN outbox_blocked.seq = excluded.seq THEN outbox_blocked.since ELSE excluded.since END \
     RETURNING id::text, type, topic";

const PARK: &str = "WITH event AS (DELETE FROM outbox_event WHERE seq = $1 AND (SELECT epoch FROM outbox_lease) = $2 RETURNING *) \
     INSERT INTO outbox_dead (seq, id, aggregatetype, aggregateid, type, payload, topic, headers, created_at, error) \
     SELECT seq, id, aggregatetype, aggregateid, type, payload, topic, headers, created_at, $3 FROM event RETURNING id::text, type, topic";

const UNBLOCK: &str =
    "DELETE FROM outbox_blocked b WHERE NOT EXISTS (SELECT FROM outbox_event e WHERE e.seq = b.seq)";

/// The oldest row by its number alone: there is no index on the time.
const DEPTH: &str = "SELECT (SELECT count(*) FROM outbox_event), \
     (SELECT extract(epoch FROM clock_timestamp() - created_at)::float8 FROM outbox_event ORDER BY seq LIMIT 1)";

impl Store for PgStore {
    type Connection = PgConnection;
    type Listener = PgListener;

    const NAME: &'static str = "PostgreSQL";

    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let mut connection = self.options().connect().await?;
        // What a crash of the server takes back is a deletion, and its rows are sent again.
        sqlx::raw_sql("SET synchronous_commit = off; SET jit = off").execute(&mut connection).await?;
        Ok(connection)
    }

    async fn close(connection: PgConnection) {
        let _ = connection.close().await;
    }

    async fn acquire(
        connection: &mut PgConnection,
        holder: &str,
        lease: Duration,
    ) -> Result<Option<i64>, sqlx::Error> {
        sqlx::query_scalar(ACQUIRE).bind(holder).bind(lease).fetch_optional(connection).await
    }

    async fn renew(connection: &mut PgConnection, epoch: i64, lease: Duration) -> Result<bool, sqlx::Error> {
        let renewed = sqlx::query(RENEW).bind(epoch).bind(lease).execute(connection).await?;
        Ok(renewed.rows_affected() == 1)
    }

    async fn holds(connection: &mut PgConnection, epoch: i64) -> Result<bool, sqlx::Error> {
        sqlx::query_scalar(HOLDS).bind(epoch).fetch_one(connection).await
    }

    async fn release(connection: &mut PgConnection, epoch: i64) -> Result<(), sqlx::Error> {
        sqlx::query(RELEASE).bind(epoch).execute(&mut *connection).await?;
        Self::announce(connection).await
    }

    async fn claim(
        connection: &mut PgConnection,
        after: i64,
        gaps: &[Range],
        limit: usize,
        late: usize,
    ) -> Result<Read, sqlx::Error> {
        let asked = Instant::now();
        let query = if gaps.is_empty() {
            sqlx::query(CLAIM).bind(after).bind(number(limit))
        } else {
            let (first, last) = ends(gaps);
            sqlx::query(CLAIM_WITH_GAPS)
                .bind(after)
                .bind(number(limit))
                .bind(first)
                .bind(last)
                .bind(number(late + 1))
        };
        all(&query.fetch_all(connection).await?, asked)
    }

    async fn ranges(
        connection: &mut PgConnection,
        gaps: &[Range],
        limit: usize,
    ) -> Result<Read, sqlx::Error> {
        let asked = Instant::now();
        let (first, last) = ends(gaps);
        let query = sqlx::query(RANGES).bind(first).bind(last).bind(number(limit));
        all(&query.fetch_all(connection).await?, asked)
    }

    async fn topic(
        connection: &mut PgConnection,
        topic: &Topic,
        range: Range,
        limit: usize,
    ) -> Result<Read, sqlx::Error> {
        let asked = Instant::now();
        let query = sqlx::query(TOPIC)
            .bind(range.first)
            .bind(range.last)
            .bind(number(limit))
            .bind(&topic.name)
            .bind(&topic.key);
        all(&query.fetch_all(connection).await?, asked)
    }

    async fn known(
        connection: &mut PgConnection,
        after: i64,
        to: i64,
        limit: usize,
    ) -> Result<Vec<Known>, sqlx::Error> {
        let query = sqlx::query(KNOWN).bind(after).bind(to).bind(number(limit));
        let rows = query.fetch_all(connection).await?;
        rows.iter()
            .map(|row| Ok(Known { seq: row.try_get(0)?, topic: row.try_get(1)?, key: row.try_get(2)? }))
            .collect()
    }

    async fn delete(connection: &mut PgConnection, seqs: &[i64], epoch: i64) -> Result<u64, sqlx::Error> {
        Ok(sqlx::query(DELETE).bind(seqs).bind(epoch).execute(connection).await?.rows_affected())
    }

    async fn block(
        connection: &mut PgConnection,
        seq: i64,
        epoch: i64,
        error: &str,
    ) -> Result<Option<Refused>, sqlx::Error> {
        let row = sqlx::query(BLOCK).bind(seq).bind(epoch).bind(error).fetch_optional(connection).await?;
        row.as_ref().map(refused).transpose()
    }

    async fn park(
        connection: &mut PgConnection,
        seq: i64,
        epoch: i64,
        error: &str,
    ) -> Result<Option<Refused>, sqlx::Error> {
        let row = sqlx::query(PARK).bind(seq).bind(epoch).bind(error).fetch_optional(connection).await?;
        row.as_ref().map(refused).transpose()
    }

    async fn blocked(connection: &mut PgConnection) -> Result<Vec<Blocked>, sqlx::Error> {
        sqlx::query(UNBLOCK).execute(&mut *connection).await?;
        let query = sqlx::query("SELECT topic, aggregateid, seq, retry FROM outbox_blocked");
        let rows = query.fetch_all(connection).await?;
        rows.iter()
            .map(|row| {
                let (topic, key) = (row.try_get(0)?, row.try_get(1)?);
                Ok(Blocked { topic, key, seq: row.try_get(2)?, retry: row.try_get(3)? })
            })
            .collect()
    }

    async fn depth(connection: &mut PgConnection) -> Result<Depth, sqlx::Error> {
        let row = sqlx::query(DEPTH).fetch_one(connection).await?;
        let (pending, age): (i64, Option<f64>) = (row.try_get(0)?, row.try_get(1)?);
        let oldest = age.and_then(|age| Duration::try_from_secs_f64(age.max(0.0)).ok());
        Ok(Depth { pending: pending.unsigned_abs(), oldest })
    }

    async fn announce(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(connection).await.map(drop)
    }

    async fn listen(&self) -> Result<PgListener, sqlx::Error> {
        let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(self.options());
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(listener)
    }

    async fn heard(listener: &mut PgListener) -> Result<(), sqlx::Error> {
        // `None` is a lost connection, after which everything may have been missed.
        listener.try_recv().await.map(drop)
    }
}

/// Reads rows that were asked for at that moment.
fn all(rows: &[PgRow], asked: Instant) -> Result<Read, sqlx::Error> {
    let mut read = Read { rows: Vec::with_capacity(rows.len()), snapshot: None };
    for row in rows {
        match row.try_get_unchecked::<Option<i64>, _>(0)? {
            Some(seq) => read.rows.push(Claimed {
                seq,
                topic: row.try_get_unchecked(1)?,
                key: row.try_get_unchecked(2)?,
                value: row.try_get_unchecked(3)?,
                headers: row.try_get_unchecked(4)?,
                inserted: ago(row.try_get_unchecked(5)?, asked),
            }),
            None => read.snapshot = Some(snapshot(row.try_get_unchecked(1)?)?),
        }
    }
    Ok(read)
}

/// Parses the text of a `pg_snapshot`: `xmin:xmax:running,running`.
fn snapshot(text: &str) -> Result<Snapshot, sqlx::Error> {
    let wrong = || sqlx::Error::Decode(format!("`{text}` is not a snapshot").into());
    let number = |text: &str| text.parse::<i64>().map_err(|_| wrong());
    let mut parts = text.splitn(3, ':');
    let mut next = || parts.next().ok_or_else(wrong);
    let (xmin, xmax, running) = (number(next()?)?, number(next()?)?, next()?);
    let running = running.split(',').filter(|text| !text.is_empty()).map(number).collect::<Result<_, _>>()?;
    Ok(Snapshot { xmin, xmax, running })
}

fn refused(row: &PgRow) -> Result<Refused, sqlx::Error> {
    Ok(Refused { event_id: row.try_get(0)?, event_type: row.try_get(1)?, topic: row.try_get(2)? })
}

fn ends(ranges: &[Range]) -> (Vec<i64>, Vec<i64>) {
    ranges.iter().map(|range| (range.first, range.last)).unzip()
}

fn number(limit: usize) -> i64 {
    limit.try_into().unwrap_or(i64::MAX)
}
