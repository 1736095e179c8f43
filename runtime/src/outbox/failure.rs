//! What a failed statement means for the events that it was to write.

use super::backend::Backend;
use super::row::OutboxRow;
use crate::error::{ErrorKind, PublishError};
use crate::event::Event;
use crate::guard::log;

/// A database's message as it is: the `Display` of sqlx adds a line of the server's source code.
pub(super) fn text(error: &sqlx::Error) -> String {
    error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}

/// The error of a failed insert.
pub(super) fn of_insert<DB: Backend>(error: sqlx::Error, rows: &[OutboxRow]) -> PublishError {
    let what = match rows {
        [row] => format!("`{}` was", row.event_type()),
        rows => format!("{} events were", rows.len()),
    };
    let (kind, remedy) = DB::classify(&error);
    let text = format!("{what} not written to the outbox: {}; {remedy}", text(&error));
    PublishError::new(kind, text).with_source(error).with_unpublished(ids(rows))
}

/// The error of a failed commit.
pub(super) fn of_commit<DB: Backend>(error: sqlx::Error, rows: &[OutboxRow]) -> PublishError {
    let failed = match DB::classify(&error) {
        // The server answered: it did not commit.
        (kind, _) if error.as_database_error().is_some() => {
            PublishError::new(kind, format!("the transaction was not committed: {}", text(&error)))
        }
        _ => PublishError::new(
            ErrorKind::Unknown,
            format!(
                "the connection was lost during the commit, so the change and its events may have been committed: {error}; read the \
                 change back before it is made again"
            ),
        ),
    };
    failed.with_source(error).with_unpublished(ids(rows))
}

/// Logs an event that a caller of `emit` believes to be published. The transaction fails.
pub(super) fn log_refused<E: Event>(event: &E, error: &PublishError) {
    let (event_id, event_type, kind) = (event.id(), event.event_type(), error.kind());
    log(|| {
        tracing::error!(%event_id, event_type, %kind, %error, "event not written to the outbox; the transaction will fail");
    });
}

/// Logs an event whose transaction was written before, perhaps committed: nothing can fail any more.
pub(super) fn log_late<E: Event>(event: &E, error: &PublishError) {
    let (event_id, event_type, kind) = (event.id(), event.event_type(), error.kind());
    log(|| tracing::error!(%event_id, event_type, %kind, %error, "event lost"));
}

/// The events of rows, each once.
pub(super) fn ids(rows: &[OutboxRow]) -> impl Iterator<Item = uuid::Uuid> {
    let mut last = None;
    rows.iter().map(OutboxRow::event_id).filter(move |id| last.replace(*id) != Some(*id))
}
