//! What one call is waiting for.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::Span;
use uuid::Uuid;

use super::signal::Signal;
use crate::error::PublishError;

/// Travels with each record through librdkafka.
#[derive(Debug, Clone)]
pub(super) struct Slip {
    /// The record's place in the order of the calls.
    pub(super) number: u64,
    pub(super) ticket: Arc<Ticket>,
}

/// Gathers how the records of a call end.
#[derive(Debug)]
pub(super) struct Ticket {
    /// Records without an outcome, and one for the caller while it still hands in records.
    open: AtomicUsize,
    failed: Mutex<Failed>,
    settled: Signal,
    awaited: bool,
    /// Where the outcome is logged: within the caller's span.
    pub(super) span: Span,
}

#[derive(Debug, Default)]
struct Failed {
    first: Option<PublishError>,
    events: Vec<Uuid>,
}

impl Ticket {
    /// For a call that waits.
    pub(super) fn awaited() -> Self {
        Self {
            open: AtomicUsize::new(1),
            failed: Mutex::default(),
            settled: Signal::default(),
            awaited: true,
            span: Span::current(),
        }
    }

    /// For all calls that do not.
    pub(super) fn unawaited() -> Self {
        Self { awaited: false, span: Span::none(), ..Self::awaited() }
    }

    /// A record goes on its way.
    pub(super) fn open(&self) {
        if self.awaited {
            self.open.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// A record has its outcome, or was refused on its way.
    pub(super) fn close(&self) {
        if self.awaited && self.open.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.settled.raise();
        }
    }

    /// A record of an event failed. Only the first error is kept, and every event.
    pub(super) fn fail(&self, event: Option<Uuid>, error: impl FnOnce() -> PublishError) {
        if self.awaited {
            let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            failed.events.extend(event);
            failed.first.get_or_insert_with(error);
        }
    }

    /// Waits until every record has its outcome: `Err` with the first error and all events that failed.
    pub(super) async fn settled(&self) -> Result<(), PublishError> {
        self.close();
        self.settled.until(|| self.open.load(Ordering::SeqCst) == 0).await;
        let failed = std::mem::take(&mut *self.failed.lock().unwrap_or_else(PoisonError::into_inner));
        failed.first.map_or(Ok(()), |error| Err(error.with_unpublished(failed.events)))
    }
}
