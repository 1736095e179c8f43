//! What the outbox needs from a database.

use std::future::Future;

use sqlx::{Database, Pool};
use uuid::Uuid;

use super::blocked::{BlockedKey, Resolution};
use super::error::OutboxError;
use super::row::OutboxRow;
use crate::error::ErrorKind;

/// A database with an outbox: [`Postgres`](sqlx::Postgres) or [`Sqlite`](sqlx::Sqlite). Sealed.
pub trait Backend: Database + sealed::Backend {}

pub(super) mod sealed {
    #[allow(clippy::wildcard_imports, reason = "the names of the file")]
    use super::*;
    use crate::outbox::relay::Store;

    /// Sealed: its name cannot be written outside of this crate.
    pub trait Backend: Database {
        /// The statements that create the tables.
        const SCHEMA: &'static str;

        /// The relay's view of the tables.
        type Store: Store;

        /// Inserts rows, in order, with one statement. Fails if the connection's table is not `table`.
        fn insert(
            connection: &mut Self::Connection,
            rows: &[OutboxRow],
            table: Option<&str>,
        ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

        /// Makes the commit of the connection's transaction fail, because this event could not be written.
        fn refuse_commit(
            connection: &mut Self::Connection,
            event: Uuid,
            why: &str,
        ) -> impl Future<Output = ()> + Send;

        /// What a failed statement means, and the remedy.
        fn classify(error: &sqlx::Error) -> (ErrorKind, &'static str);

        /// Compares the tables and permissions with what a writer or a relay needs, and returns what tells this table from others.
        fn check(
            pool: &Pool<Self>,
            for_relay: bool,
        ) -> impl Future<Output = Result<String, OutboxError>> + Send;

        /// Compares the table with the headers of the entities, if it was prepared for a reader that needs a column for each.
        fn check_headers(
            pool: &Pool<Self>,
            own: &[&[&'static str]],
        ) -> impl Future<Output = Result<(), OutboxError>> + Send {
            let _ = (pool, own);
            std::future::ready(Ok(()))
        }

        fn blocked(pool: &Pool<Self>) -> impl Future<Output = Result<Vec<BlockedKey>, OutboxError>> + Send;

        /// Returns whether the key was blocked.
        fn resolve(
            pool: &Pool<Self>,
            key: &BlockedKey,
            resolution: Resolution,
        ) -> impl Future<Output = Result<bool, OutboxError>> + Send;

        /// The number of the oldest row.
        fn oldest(
            connection: &mut Self::Connection,
        ) -> impl Future<Output = Result<Option<i64>, sqlx::Error>> + Send;

        /// Returns topics and keys that have rows, up to `most`.
        fn keys(
            connection: &mut Self::Connection,
            most: i64,
        ) -> impl Future<Output = Result<Vec<(String, String)>, sqlx::Error>> + Send;

        /// Returns which of these topics and keys have rows.
        fn keys_with_rows(
            connection: &mut Self::Connection,
            topics: Vec<&str>,
            keys: Vec<&str>,
        ) -> impl Future<Output = Result<Vec<(String, String)>, sqlx::Error>> + Send;

        fn store(pool: &Pool<Self>) -> Self::Store;
    }
}
