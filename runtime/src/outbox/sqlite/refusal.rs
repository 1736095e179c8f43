//! Makes a commit fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use sqlx::{Executor, SqliteConnection};
use uuid::Uuid;

use crate::guard::log;

/// A reference to nothing, which SQLite looks at when the transaction commits. It vanishes if the transaction is rolled back.
const VIOLATION: &str = "CREATE TEMPORARY TABLE IF NOT EXISTS outbox_refused (event TEXT, \
     absent TEXT REFERENCES outbox_absent (id) DEFERRABLE INITIALLY DEFERRED); \
     CREATE TEMPORARY TABLE IF NOT EXISTS outbox_absent (id TEXT PRIMARY KEY);";

pub(super) async fn refuse_commit(connection: &mut SqliteConnection, event: Uuid) {
    let refused = match are_references_checked(connection).await {
        Ok(true) if by_reference(connection, event).await.is_ok() => Ok(()),
        Ok(_) => by_hook(connection).await,
        Err(error) => Err(error),
    };
    if let Err(error) = refused {
        log(|| {
            tracing::error!(event_id = %event, %error, "the transaction could not be made to fail; roll it back");
        });
    }
}

/// sqlx turns this on.
async fn are_references_checked(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let on: i64 = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(connection).await?;
    Ok(on != 0)
}

async fn by_reference(connection: &mut SqliteConnection, event: Uuid) -> Result<(), sqlx::Error> {
    connection.execute(VIOLATION).await?;
    let violation = sqlx::query("INSERT INTO outbox_refused VALUES (?, 'an event that was not written')");
    connection.execute(violation.bind(event.hyphenated().to_string())).await?;
    Ok(())
}

/// Replaces hooks that the service may have set on this connection.
async fn by_hook(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let refuses = Arc::new(AtomicBool::new(true));
    let over = Arc::clone(&refuses);
    let mut handle = connection.lock_handle().await?;
    // Turns the commit into a rollback with an error.
    handle.set_commit_hook(move || !refuses.load(SeqCst));
    handle.set_rollback_hook(move || over.store(false, SeqCst));
    Ok(())
}
