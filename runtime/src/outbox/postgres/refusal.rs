//! Makes a commit fail.
//!
//! A statement that fails aborts its transaction, and PostgreSQL answers the `COMMIT` that follows with `ROLLBACK`, which is no
//! error: a caller who does not look at the statement's result would take the change for saved. So the transaction is ended here,
//! and another is begun in its place, which cannot commit: a deferred trigger raises an error that names the event.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, Executor, PgConnection};
use uuid::Uuid;

/// Ends the connection, so that the commit fails at least.
const END: &str = "ROLLBACK; SELECT pg_terminate_backend(pg_backend_pid())";

/// How deep sqlx's transactions may be nested for that. Savepoints that nobody uses do no harm.
const NESTED: u32 = 8;

pub(super) async fn refuse_commit(connection: &mut PgConnection, event: Uuid, why: &str) {
    let text =
        quoted(&format!("event {event} was not written to the outbox, so nothing is committed: {why}"));
    let mut statements = format!(
        "ROLLBACK; BEGIN; \
         CREATE TEMPORARY TABLE outbox_refused (event_id text) ON COMMIT DROP; \
         CREATE FUNCTION pg_temp.outbox_refuse() RETURNS trigger LANGUAGE plpgsql AS {body}; \
         CREATE CONSTRAINT TRIGGER outbox_refuse AFTER INSERT ON outbox_refused DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW EXECUTE FUNCTION pg_temp.outbox_refuse(); \
         INSERT INTO outbox_refused VALUES ('{event}');",
        body = quoted(&format!("BEGIN RAISE EXCEPTION USING MESSAGE = {text}; END")),
    );
    // The savepoints of nested transactions are gone; releasing or rolling back to one must not be the error that is seen.
    for depth in 1..=NESTED {
        // Writing to a `String` cannot fail.
        let _ = write!(statements, " SAVEPOINT _sqlx_savepoint_{depth};");
    }
    if connection.execute(AssertSqlSafe(statements)).await.is_err() {
        let _ = connection.execute(END).await;
    }
}

/// A string constant, whatever `standard_conforming_strings` is.
fn quoted(text: &str) -> String {
    format!("E'{}'", text.replace('\0', "").replace('\\', "\\\\").replace('\'', "\\'"))
}
