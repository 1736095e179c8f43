//! Compares the tables with those that the outbox needs.

use std::fmt::Write as _;

use sqlx::{Row, SqlitePool};

use super::super::error::OutboxError;
use super::file;

/// The columns of each table.
const TABLES: [(&str, &[&str]); 3] = [
    (
        "outbox_event",
        &["seq", "id", "aggregatetype", "aggregateid", "type", "payload", "topic", "headers", "created_at"],
    ),
    ("outbox_blocked", &["topic", "aggregateid", "seq", "id", "type", "since", "attempts", "error", "retry"]),
    (
        "outbox_dead",
        &[
            "seq",
            "id",
            "aggregatetype",
            "aggregateid",
            "type",
            "payload",
            "topic",
            "headers",
            "created_at",
            "parked_at",
            "error",
        ],
    ),
];

/// Checks the tables and the journal, and returns the database's file.
pub(super) async fn check(pool: &SqlitePool) -> Result<String, OutboxError> {
    let failed = |error| OutboxError::of("the outbox table could not be checked", error);
    let mut sql = String::new();
    let mut missing = false;
    for (table, wanted) in TABLES {
        let query = sqlx::query(
            "SELECT name, \"notnull\", dflt_value IS NOT NULL OR pk > 0 FROM pragma_table_info(?)",
        );
        let rows = query.bind(table).fetch_all(pool).await.map_err(failed)?;
        let columns: Result<Vec<(String, bool, bool)>, sqlx::Error> =
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect();
        let columns = columns.map_err(failed)?;
        missing |= columns.is_empty();
        if columns.is_empty() {
            continue;
        }
        let lacks = |name: &&&str| columns.iter().all(|(column, ..)| column != **name);
        let further = columns
            .iter()
            .filter(|(name, not_null, filled)| *not_null && !filled && !wanted.contains(&name.as_str()));
        // SQLite cannot add most of them to a table that is there.
        if wanted.iter().any(|name| lacks(&name)) || further.count() > 0 {
            // Writing to a `String` cannot fail.
            let _ = writeln!(
                sql,
                "ALTER TABLE {table} RENAME TO {table}_before; -- then copy its rows into the new one, and drop it"
            );
        }
    }
    if missing || !sql.is_empty() {
        return Err(OutboxError::new(format!(
            "the tables of the outbox are missing or differ; run this SQL (`SqliteOutbox::SCHEMA`):\n{sql}{}",
            super::SCHEMA
        )));
    }
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await.map_err(failed)?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(OutboxError::new(format!(
            "the database's journal mode is `{mode}`, in which its readers and writers wait for each other; set \
             `SqliteConnectOptions::journal_mode` to `SqliteJournalMode::Wal` (a database in memory cannot: use a file)"
        )));
    }
    let mut connection = pool.acquire().await.map_err(failed)?;
    file(&mut connection).await.map_err(failed)
}
