//! Makes a commit fail.

use sqlx::{Executor, SqliteConnection};
use uuid::Uuid;

use crate::guard::log;

/// A reference to nothing, which SQLite looks at when the transaction commits. `PRAGMA defer_foreign_keys` needs a table with a
/// deferred reference, and foreign keys to be enforced, which sqlx turns on.
const VIOLATION: &str = "CREATE TEMPORARY TABLE IF NOT EXISTS outbox_refused (event TEXT PRIMARY KEY, \
     nothing TEXT REFERENCES outbox_refused (event) DEFERRABLE INITIALLY DEFERRED);";

pub(super) async fn refuse_commit(connection: &mut SqliteConnection, event: Uuid) {
    let refused = async {
        connection.execute(VIOLATION).await?;
        let violation = sqlx::query("INSERT INTO outbox_refused VALUES (?, 'an event that was not written')");
        connection.execute(violation.bind(event.hyphenated().to_string())).await?;
        let enforced: bool = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(&mut *connection).await?;
        Ok::<_, sqlx::Error>(enforced)
    };
    if !matches!(refused.await, Ok(true)) {
        // Ends the transaction, so that committing it is an error.
        let rolled_back = connection.execute("ROLLBACK").await.is_ok();
        log(
            || tracing::error!(event_id = %event, rolled_back, "the transaction was ended without its event"),
        );
    }
}
