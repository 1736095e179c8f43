//! The outbox in SQLite.

mod check;
mod lock;
mod operate;
mod refusal;
mod store;

use sqlx::{Executor, Row, Sqlite, SqliteConnection, SqlitePool};
use uuid::Uuid;

use self::store::SqliteStore;
use super::backend::{Backend, sealed};
use super::blocked::{BlockedKey, Resolution};
use super::error::OutboxError;
use super::row::OutboxRow;
use crate::error::ErrorKind;

/// Inserts one row into `outbox_event`: bind the getters of an [`OutboxRow`] in the order `id` (as text with hyphens),
/// `aggregate_type`, `aggregate_id`, `event_type`, `payload`, `topic`, `headers`.
pub const INSERT_SQLITE: &str = "INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload, topic, headers) VALUES (?, ?, ?, ?, ?, ?, ?)";

const SCHEMA: &str = include_str!("../sql/sqlite.sql");

/// Many rows as one JSON array: SQLite has no arrays, and limits the number of parameters.
const INSERT_ALL: &str = "INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload, topic, headers) \
     SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6 FROM json_each(?) ORDER BY key";

const KEYS_WITH_ROWS: &str = "SELECT DISTINCT topic, aggregateid FROM outbox_event \
     WHERE (topic, aggregateid) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))";

impl Backend for Sqlite {}

impl sealed::Backend for Sqlite {
    const SCHEMA: &'static str = SCHEMA;

    type Store = SqliteStore;

    async fn insert(
        connection: &mut SqliteConnection,
        rows: &[OutboxRow],
        table: Option<&str>,
    ) -> Result<(), sqlx::Error> {
        if let Some(table) = table
            && file(connection).await? != table
        {
            return Err(sqlx::Error::Configuration(Box::new(OutboxError::new(
                "the transaction is on another file than the outbox, whose relay would never see the event",
            ))));
        }
        match rows {
            [] => Ok(()),
            [row] => {
                let query = sqlx::query(INSERT_SQLITE)
                    .bind(row.id().hyphenated().to_string())
                    .bind(row.aggregate_type())
                    .bind(row.aggregate_id())
                    .bind(row.event_type())
                    .bind(row.payload())
                    .bind(row.topic())
                    .bind(row.headers());
                connection.execute(query).await.map(drop)
            }
            rows => {
                let values: Vec<_> = rows
                    .iter()
                    .map(|row| {
                        let (kind, key, payload) = (row.aggregate_type(), row.aggregate_id(), row.payload());
                        (row.id(), kind, key, row.event_type(), payload, row.topic(), row.headers())
                    })
                    .collect();
                let json =
                    serde_json::to_string(&values).map_err(|error| sqlx::Error::Encode(error.into()))?;
                connection.execute(sqlx::query(INSERT_ALL).bind(json)).await.map(drop)
            }
        }
    }

    async fn refuse_commit(connection: &mut SqliteConnection, event: Uuid, _: &str) {
        refusal::refuse_commit(connection, event).await;
    }

    fn classify(error: &sqlx::Error) -> (ErrorKind, &'static str) {
        let retry = (ErrorKind::Retriable, "roll the transaction back, and try it again");
        let Some(database) = error.as_database_error() else {
            return match error {
                sqlx::Error::Configuration(_) => {
                    (ErrorKind::Permanent, "use the pool that the outbox was created with")
                }
                _ => retry,
            };
        };
        // The primary code is in the lowest byte: busy, locked.
        let code = database.code().and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff);
        match code {
            Some(5 | 6) => (
                ErrorKind::Retriable,
                "another connection was writing; begin with `BEGIN IMMEDIATE`, and try the transaction again",
            ),
            _ if database.message().starts_with("no such table") => {
                (ErrorKind::Permanent, "create the table with `SqliteOutbox::SCHEMA`")
            }
            _ => (ErrorKind::Permanent, "compare the table with `SqliteOutbox::check`, and roll back"),
        }
    }

    async fn check(pool: &SqlitePool, _: bool) -> Result<String, OutboxError> {
        check::check(pool).await
    }

    async fn blocked(pool: &SqlitePool) -> Result<Vec<BlockedKey>, OutboxError> {
        operate::blocked(pool).await
    }

    async fn resolve(
        pool: &SqlitePool,
        key: &BlockedKey,
        resolution: Resolution,
    ) -> Result<bool, OutboxError> {
        operate::resolve(pool, key, resolution).await
    }

    async fn oldest(connection: &mut SqliteConnection) -> Result<Option<i64>, sqlx::Error> {
        sqlx::query_scalar("SELECT min(seq) FROM outbox_event").fetch_one(connection).await
    }

    async fn keys(
        connection: &mut SqliteConnection,
        most: i64,
    ) -> Result<Vec<(String, String)>, sqlx::Error> {
        let query = sqlx::query_as("SELECT DISTINCT topic, aggregateid FROM outbox_event LIMIT ?");
        query.bind(most).fetch_all(connection).await
    }

    async fn keys_with_rows(
        connection: &mut SqliteConnection,
        topics: Vec<&str>,
        keys: Vec<&str>,
    ) -> Result<Vec<(String, String)>, sqlx::Error> {
        let keys: Vec<_> = topics.into_iter().zip(keys).collect();
        let json = serde_json::to_string(&keys).map_err(|error| sqlx::Error::Encode(error.into()))?;
        sqlx::query_as(KEYS_WITH_ROWS).bind(json).fetch_all(connection).await
    }

    fn store(pool: &SqlitePool) -> SqliteStore {
        SqliteStore::new(pool)
    }
}

/// The file that a connection works on.
async fn file(connection: &mut SqliteConnection) -> Result<String, sqlx::Error> {
    let row = connection.fetch_one("SELECT file FROM pragma_database_list WHERE name = 'main'").await?;
    row.try_get(0)
}
