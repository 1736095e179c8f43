//! The books: every accepted record is delivered or lost, once.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};

use super::report::{CloseReport, LostEvent, PublishStats};
use super::signal::Signal;

/// How many lost events the close report lists; the rest is counted.
const LISTED: usize = 100_000;

/// Lost events for the report: the first of them, and how many there were beyond.
#[derive(Default)]
struct Listed {
    events: Vec<LostEvent>,
    beyond: u64,
}

pub(super) type OnLost = Box<dyn Fn(&LostEvent) + Send + Sync>;

/// Counts what was accepted and what became of it.
#[derive(Default)]
pub(super) struct Ledger {
    entered: AtomicU64,
    withdrawn: AtomicU64,
    delivered: AtomicU64,
    lost: AtomicU64,
    rebuilt: AtomicU64,
    closed: AtomicBool,
    listed: Mutex<Listed>,
    on_lost: Option<OnLost>,
    /// Raised when a record has its outcome, so that there may be room in the queue, or when the books are closed.
    room: Signal,
    /// Raised when less is on its way.
    less: Signal,
}

impl Ledger {
    pub(super) fn new(on_lost: Option<OnLost>) -> Self {
        Self { on_lost, ..Self::default() }
    }

    /// Opens a record's entry and numbers it in the order of the calls; `None` when the books are closed. Every entry has
    /// to be followed by one of [`delivered`](Self::delivered), [`lose`](Self::lose) or [`withdraw`](Self::withdraw).
    ///
    /// Counting first and looking second makes the count complete for [`settled`](Self::settled): whoever saw the
    /// books open had been counted before they were closed.
    pub(super) fn accept(&self) -> Option<u64> {
        let number = self.entered.fetch_add(1, SeqCst);
        if self.closed.load(SeqCst) {
            self.withdraw();
            return None;
        }
        Some(number)
    }

    /// The record was not taken over after all; its caller knows.
    pub(super) fn withdraw(&self) {
        self.withdrawn.fetch_add(1, SeqCst);
        // No room came of it: whoever waits for some would otherwise wake itself with each vain try.
        self.less.raise();
    }

    pub(super) fn delivered(&self) {
        self.delivered.fetch_add(1, SeqCst);
        self.outcome();
    }

    fn outcome(&self) {
        self.room.raise();
        self.less.raise();
    }

    pub(super) fn lose(&self, lost: LostEvent) {
        let LostEvent { id, event_type, topic, key, kind, error } = &lost;
        tracing::error!(event_id = %id, event_type, topic, key, %kind, %error, "event lost");
        if let Some(on_lost) = &self.on_lost {
            // The callback is a stranger's; if it panicked here, nothing would be delivered any more.
            if catch_unwind(AssertUnwindSafe(|| on_lost(&lost))).is_err() {
                tracing::error!(event_id = %id, "the `on_lost` callback panicked");
            }
        }
        self.list(lost);
        self.lost.fetch_add(1, SeqCst);
        self.outcome();
    }

    fn list(&self, lost: LostEvent) {
        let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        if listed.events.len() == LISTED {
            listed.beyond += 1;
            return;
        }
        let error = match listed.events.last() {
            Some(previous) if previous.error == lost.error => Arc::clone(&previous.error),
            _ => Arc::clone(&lost.error),
        };
        listed.events.push(LostEvent { error, ..lost });
    }

    /// An emitted record that could not be taken over: accepted and lost in one.
    pub(super) fn lose_at_once(&self, lost: LostEvent) {
        self.entered.fetch_add(1, SeqCst);
        self.lose(lost);
    }

    /// A broken producer was replaced.
    pub(super) fn rebuilt(&self) {
        self.rebuilt.fetch_add(1, SeqCst);
    }

    pub(super) fn stats(&self) -> PublishStats {
        // Outcomes first: an event that arrives in between then counts as queued, not as negative.
        let (delivered, lost) = (self.delivered.load(SeqCst), self.lost.load(SeqCst));
        let withdrawn = self.withdrawn.load(SeqCst);
        let accepted = self.entered.load(SeqCst).saturating_sub(withdrawn);
        let queued = accepted.saturating_sub(delivered + lost);
        PublishStats { accepted, delivered, lost, queued, rebuilt: self.rebuilt.load(SeqCst) }
    }

    /// Refuses everything from now on.
    pub(super) fn close(&self) {
        self.closed.store(true, SeqCst);
        self.room.raise();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(SeqCst)
    }

    pub(super) fn room(&self) -> &Signal {
        &self.room
    }

    /// Waits until nothing is on its way.
    pub(super) async fn settled(&self) {
        self.less.until(|| self.stats().queued == 0).await;
    }

    pub(super) fn report(&self) -> CloseReport {
        let delivered = self.delivered.load(SeqCst);
        let listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        CloseReport { delivered, lost: listed.events.clone(), lost_unlisted: listed.beyond }
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("stats", &self.stats()).field("closed", &self.is_closed()).finish()
    }
}
