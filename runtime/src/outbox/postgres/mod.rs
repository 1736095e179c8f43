//! The outbox in PostgreSQL.

mod check;
mod operate;
mod refusal;
mod store;

use sqlx::error::DatabaseError;
use sqlx::postgres::types::Oid;
use sqlx::{Executor, PgConnection, PgPool, Postgres, Row};
use uuid::Uuid;

use self::store::PgStore;
use super::backend::{Backend, sealed};
use super::blocked::{BlockedKey, Resolution};
use super::debezium::Debezium;
use super::error::OutboxError;
use super::row::OutboxRow;
use crate::error::ErrorKind;

macro_rules! insert {
    () => {
        "INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload, topic, headers) \
         VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text::json)"
    };
}

macro_rules! insert_all {
    () => {
        "INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload, topic, headers) \
         SELECT id, aggregatetype, aggregateid, type, payload, topic, headers::json \
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) \
         AS row (id, aggregatetype, aggregateid, type, payload, topic, headers)"
    };
}

/// Inserts one row into `outbox_event`: bind the getters of an [`OutboxRow`] in the order `id`, `aggregate_type`, `aggregate_id`,
/// `event_type`, `payload`, `topic`, `headers`. All but the id are text.
pub const INSERT_POSTGRES: &str = insert!();

/// Inserts many rows: bind an array for each getter, in the order of [`INSERT_POSTGRES`]. The array of payloads contains nulls
/// if there are tombstones.
pub const INSERT_ALL_POSTGRES: &str = insert_all!();

/// The same two, returning what tells the table from others.
const INSERT: &str = concat!(insert!(), " RETURNING tableoid");
const INSERT_ALL: &str = concat!(insert_all!(), " RETURNING tableoid");

const KEYS_WITH_ROWS: &str = "SELECT DISTINCT topic, aggregateid FROM outbox_event \
     WHERE (topic, aggregateid) IN (SELECT * FROM unnest($1::text[], $2::text[]))";

const SCHEMA: &str = include_str!("../sql/postgres.sql");

impl Backend for Postgres {}

impl sealed::Backend for Postgres {
    const SCHEMA: &'static str = SCHEMA;

    type Store = PgStore;

    async fn insert(
        connection: &mut PgConnection,
        rows: &[OutboxRow],
        table: Option<&str>,
    ) -> Result<(), sqlx::Error> {
        let inserted = match rows {
            // A transaction that has failed must not look as if it was committed.
            [] => return connection.execute("SELECT 1").await.map(drop),
            [row] => {
                let query = sqlx::query(INSERT)
                    .bind(row.id())
                    .bind(row.aggregate_type())
                    .bind(row.aggregate_id())
                    .bind(row.event_type())
                    .bind(row.payload())
                    .bind(row.topic())
                    .bind(row.headers());
                query.fetch_one(connection).await?
            }
            rows => {
                fn column<'a, C>(rows: &'a [OutboxRow], get: impl Fn(&'a OutboxRow) -> C) -> Vec<C> {
                    rows.iter().map(get).collect()
                }
                let query = sqlx::query(INSERT_ALL)
                    .bind(column(rows, OutboxRow::id))
                    .bind(column(rows, OutboxRow::aggregate_type))
                    .bind(column(rows, OutboxRow::aggregate_id))
                    .bind(column(rows, OutboxRow::event_type))
                    .bind(column(rows, OutboxRow::payload))
                    .bind(column(rows, OutboxRow::topic))
                    .bind(column(rows, OutboxRow::headers));
                query.fetch_all(connection).await?.into_iter().next().ok_or(sqlx::Error::RowNotFound)?
            }
        };
        match table {
            Some(table) if inserted.try_get::<Oid, _>(0)?.0.to_string() != table => {
                Err(sqlx::Error::Configuration(Box::new(OutboxError::new(
                    "the transaction is on another table or database than the outbox, whose relay would never see the event",
                ))))
            }
            _ => Ok(()),
        }
    }

    async fn refuse_commit(connection: &mut PgConnection, event: Uuid, why: &str) {
        refusal::refuse_commit(connection, event, why).await;
    }

    fn classify(error: &sqlx::Error) -> (ErrorKind, &'static str) {
        let code = error.as_database_error().and_then(DatabaseError::code);
        match code.as_deref() {
            Some("42P01") => (
                ErrorKind::Permanent,
                "create the table with `PgOutbox::SCHEMA`, or add its schema to the `search_path`",
            ),
            Some("42703" | "42804" | "23502" | "428C9") => {
                (ErrorKind::Permanent, "compare the table with `PgOutbox::check`")
            }
            Some("42501") => {
                (ErrorKind::Permanent, "grant `INSERT` and `SELECT` on `outbox_event` to the role")
            }
            Some("25P02") => {
                (ErrorKind::Permanent, "an earlier statement of the transaction failed; roll it back")
            }
            // Serialization, deadlock, resources, the server's shutdown, a lost connection.
            Some(code) if ["40", "53", "57", "08"].iter().any(|class| code.starts_with(class)) => {
                (ErrorKind::Retriable, "roll the transaction back, and try it again")
            }
            Some(_) => (ErrorKind::Permanent, "roll the transaction back"),
            None if matches!(error, sqlx::Error::Configuration(_)) => {
                (ErrorKind::Permanent, "use the pool that the outbox was created with")
            }
            None => (ErrorKind::Retriable, "roll the transaction back, and try it again"),
        }
    }

    async fn check(pool: &PgPool, for_relay: bool) -> Result<String, OutboxError> {
        check::check(pool, for_relay).await
    }

    async fn check_headers(pool: &PgPool, own: &[&[&'static str]]) -> Result<(), OutboxError> {
        Debezium::new(own).check(pool).await
    }

    async fn blocked(pool: &PgPool) -> Result<Vec<BlockedKey>, OutboxError> {
        operate::blocked(pool).await
    }

    async fn resolve(pool: &PgPool, key: &BlockedKey, resolution: Resolution) -> Result<bool, OutboxError> {
        operate::resolve(pool, key, resolution).await
    }

    async fn oldest(connection: &mut PgConnection) -> Result<Option<i64>, sqlx::Error> {
        sqlx::query_scalar("SELECT min(seq) FROM outbox_event").fetch_one(connection).await
    }

    async fn keys(connection: &mut PgConnection, most: i64) -> Result<Vec<(String, String)>, sqlx::Error> {
        let query = sqlx::query_as("SELECT DISTINCT topic, aggregateid FROM outbox_event LIMIT $1");
        query.bind(most).fetch_all(connection).await
    }

    async fn keys_with_rows(
        connection: &mut PgConnection,
        topics: Vec<&str>,
        keys: Vec<&str>,
    ) -> Result<Vec<(String, String)>, sqlx::Error> {
        sqlx::query_as(KEYS_WITH_ROWS).bind(topics).bind(keys).fetch_all(connection).await
    }

    fn store(pool: &PgPool) -> PgStore {
        PgStore::new(pool)
    }
}
