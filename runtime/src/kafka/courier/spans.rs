//! The spans of the records on their way.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::telemetry::MessageSpan;

/// By the numbers of the records. Empty, and never locked, if nobody looks at spans.
#[derive(Debug, Default)]
pub(super) struct Spans {
    used: AtomicBool,
    by_number: Mutex<HashMap<usize, MessageSpan>>,
}

impl Spans {
    pub(super) fn add(&self, number: usize, span: MessageSpan) {
        if span.is_enabled() {
            self.used.store(true, SeqCst);
            let before = self.lock().insert(number, span);
            // Ending a span runs foreign code: not under the lock.
            drop(before);
        }
    }

    pub(super) fn take(&self, number: usize) -> Option<MessageSpan> {
        if self.used.load(SeqCst) { self.lock().remove(&number) } else { None }
    }

    /// Ends those of records that will have no outcome.
    pub(super) fn clear(&self) {
        let spans = std::mem::take(&mut *self.lock());
        drop(spans);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<usize, MessageSpan>> {
        self.by_number.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
