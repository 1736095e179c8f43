//! Accounting: every accepted record is delivered, stored by the fallback, or lost, exactly once.

use std::fmt;
use std::sync::PoisonError;
use std::sync::atomic::Ordering::SeqCst;

use super::losses::Losses;
use super::report::{CloseReport, LostEvent, PublishStats};
use super::sync::{Arc, AtomicU64, Mutex};
use crate::telemetry::Meter;

/// The maximum number of lost events that the close report lists, and of their bytes; the rest is counted.
const MAX_LISTED: usize = 100_000;
const MAX_BYTES: usize = 16 * 1024 * 1024;

const CLOSED: u64 = 1 << 63;

/// Lost events for the report: the first ones, and the number of further ones.
#[derive(Default)]
struct Listed {
    events: Vec<Arc<LostEvent>>,
    bytes: usize,
    unlisted: u64,
}

/// Counts accepted records and their outcomes. Records are entered by [`Entry`](super::entry::Entry).
#[derive(Default)]
pub(in crate::kafka) struct Ledger {
    /// The count, and in the bit [`CLOSED`] whether nothing is accepted any more: one atomic, so that after the close every
    /// reader sees all records that were accepted before.
    entered: AtomicU64,
    withdrawn: AtomicU64,
    delivered: AtomicU64,
    lost: AtomicU64,
    stored: AtomicU64,
    unreported: AtomicU64,
    rebuilt: AtomicU64,
    listed: Mutex<Listed>,
    losses: Option<Arc<Losses>>,
    /// Whether partition keys are logged.
    log_keys: bool,
    meter: Meter,
}

impl Ledger {
    pub(super) fn new(losses: Option<Arc<Losses>>, log_keys: bool) -> Self {
        Self { losses, log_keys, ..Self::default() }
    }

    /// Shows the number of queued records as a metric: once a second, or at once.
    pub(super) fn show_queued(&self, at_once: bool) {
        self.meter.queued(|| self.stats().queued, at_once);
    }

    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Whether partition keys are logged.
    pub(super) fn logs_keys(&self) -> bool {
        self.log_keys
    }

    /// Numbers records in the order of the calls; returns `None` once the ledger is closed.
    pub(super) fn enter(&self, records: u64) -> Option<u64> {
        let number = self.entered.fetch_add(records, SeqCst);
        if number & CLOSED != 0 {
            self.withdrawn.fetch_add(records, SeqCst);
            return None;
        }
        Some(number)
    }

    /// The same for an emitted record that is about to be lost, even if closed: only `on_lost` can report it.
    pub(super) fn enter_lost(&self) -> u64 {
        self.entered.fetch_add(1, SeqCst) & !CLOSED
    }

    /// The number that the next record gets.
    pub(super) fn entered(&self) -> u64 {
        self.entered.load(SeqCst) & !CLOSED
    }

    /// Removes a record that was not accepted after all; its caller gets the error.
    pub(super) fn withdraw(&self) {
        self.withdrawn.fetch_add(1, SeqCst);
    }

    pub(super) fn delivered(&self) {
        self.delivered.fetch_add(1, SeqCst);
    }

    /// Counts a record that is in the fallback's table.
    pub(super) fn stored(&self) {
        self.stored.fetch_add(1, SeqCst);
    }

    /// Lists and counts a lost record, and hands it over to `on_lost`.
    pub(super) fn lose(&self, lost: LostEvent) -> Arc<LostEvent> {
        let lost = self.list(lost);
        if self.losses.as_ref().is_some_and(|losses| !losses.hand_over(&lost)) {
            self.unreported.fetch_add(1, SeqCst);
        }
        self.lost.fetch_add(1, SeqCst);
        lost
    }

    fn list(&self, mut lost: LostEvent) -> Arc<LostEvent> {
        let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(previous) = listed.events.last()
            && previous.error == lost.error
        {
            lost.error = previous.error.clone();
        }
        let lost = Arc::new(lost);
        if listed.events.len() < MAX_LISTED && listed.bytes + lost.bytes() <= MAX_BYTES {
            listed.bytes += lost.bytes();
            listed.events.push(Arc::clone(&lost));
        } else {
            listed.unlisted += 1;
        }
        lost
    }

    /// Counts the replacement of a broken producer.
    pub(super) fn rebuilt(&self) {
        self.rebuilt.fetch_add(1, SeqCst);
    }

    pub(in crate::kafka) fn stats(&self) -> PublishStats {
        // Outcomes first: an event accepted in between then counts as queued.
        let (delivered, lost) = (self.delivered.load(SeqCst), self.lost.load(SeqCst));
        let stored = self.stored.load(SeqCst);
        let withdrawn = self.withdrawn.load(SeqCst);
        let accepted = self.entered().saturating_sub(withdrawn);
        let queued = accepted.saturating_sub(delivered + lost + stored);
        let (unreported, rebuilt) = (self.unreported.load(SeqCst), self.rebuilt.load(SeqCst));
        PublishStats { accepted, delivered, lost, stored, queued, unreported, rebuilt }
    }

    /// Refuses all records from now on.
    pub(super) fn close(&self) {
        self.entered.fetch_or(CLOSED, SeqCst);
    }

    pub(in crate::kafka) fn is_closed(&self) -> bool {
        self.entered.load(SeqCst) & CLOSED != 0
    }

    pub(super) fn losses(&self) -> Option<&Losses> {
        self.losses.as_deref()
    }

    pub(super) fn report(&self) -> CloseReport {
        let PublishStats { delivered, stored, queued, unreported, .. } = self.stats();
        let listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        CloseReport {
            delivered,
            stored,
            lost: listed.events.iter().map(|lost| LostEvent::clone(lost)).collect(),
            lost_unlisted: listed.unlisted,
            unreported,
            unresolved: queued,
        }
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("stats", &self.stats()).field("closed", &self.is_closed()).finish()
    }
}
