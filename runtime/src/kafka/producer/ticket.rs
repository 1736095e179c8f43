//! The outcome that one call waits for.

use std::future::poll_fn;
use std::sync::PoisonError;
use std::sync::atomic::Ordering::SeqCst;
use std::task::{Poll, Waker};

use tracing::Span;

use super::ledger::Ledger;
use super::sync::{Arc, AtomicUsize, Mutex};
use crate::error::{ErrorKind, PublishError};
use crate::guard::{guard, release};

/// Collects the outcomes of a call's records.
#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) ledger: Arc<Ledger>,
    /// `None` for calls that do not wait.
    awaited: Option<Awaited>,
}

#[derive(Debug)]
struct Awaited {
    /// Records without an outcome, plus one for the caller while it still hands in records.
    open: AtomicUsize,
    /// Records that wait for space in the queue.
    in_line: AtomicUsize,
    failures: Mutex<Failures>,
    waker: Mutex<Option<Waker>>,
    /// Outcomes are logged within the caller's span.
    span: Span,
}

/// The failures of a call, by the events' places in it.
#[derive(Debug, Default)]
pub(super) struct Failures {
    /// The first error, or the first of unknown outcome, which then applies to the call as a whole.
    pub(super) error: Option<PublishError>,
    places: Vec<usize>,
    /// Events with two records, one of which is written.
    half_written: Vec<usize>,
}

impl Failures {
    fn add(&mut self, place: usize, error: PublishError) {
        self.places.push(place);
        let uncertain = |error: &PublishError| error.kind() == ErrorKind::Unknown;
        if self.error.as_ref().is_none_or(|first| uncertain(&error) && !uncertain(first)) {
            self.error = Some(error);
        }
    }

    /// Returns the places of the events that are not confirmed, in order.
    pub(super) fn places(&mut self) -> &[usize] {
        self.places.sort_unstable();
        self.places.dedup();
        &self.places
    }

    /// Whether only one of an event's two records is written.
    pub(super) fn splits_an_event(&self) -> bool {
        self.half_written.iter().any(|place| self.places.contains(place))
    }
}

impl Ticket {
    /// Creates a ticket for a call that waits.
    pub(super) fn awaited(ledger: &Arc<Ledger>) -> Self {
        let awaited = Awaited {
            open: AtomicUsize::new(1),
            in_line: AtomicUsize::new(0),
            failures: Mutex::default(),
            waker: Mutex::default(),
            span: guard(Span::current).unwrap_or_else(Span::none),
        };
        Self { ledger: Arc::clone(ledger), awaited: Some(awaited) }
    }

    /// Creates a ticket shared by all calls that do not wait.
    pub(super) fn unawaited(ledger: &Arc<Ledger>) -> Self {
        Self { ledger: Arc::clone(ledger), awaited: None }
    }

    /// The caller's span, if the call waits.
    pub(super) fn span(&self) -> Option<&Span> {
        self.awaited.as_ref().map(|awaited| &awaited.span)
    }

    /// Adds a record without an outcome.
    pub(super) fn open(&self) {
        if let Some(awaited) = &self.awaited {
            awaited.open.fetch_add(1, SeqCst);
        }
    }

    /// Notes that a record has its outcome, or was refused.
    pub(super) fn close(&self) {
        if let Some(awaited) = &self.awaited
            && awaited.open.fetch_sub(1, SeqCst) == 1
        {
            awaited.wake();
        }
    }

    /// Notes that a record of the event at this place failed.
    pub(super) fn fail(&self, place: usize, error: PublishError) {
        if let Some(awaited) = &self.awaited {
            awaited.failures.lock().unwrap_or_else(PoisonError::into_inner).add(place, error);
        }
    }

    /// Notes that one of the two records of the event at this place is written.
    pub(super) fn half_written(&self, place: usize) {
        if let Some(awaited) = &self.awaited {
            awaited.failures.lock().unwrap_or_else(PoisonError::into_inner).half_written.push(place);
        }
    }

    /// Marks a record as waiting for space until the guard is dropped.
    pub(super) fn in_line(this: &Arc<Self>) -> InLine {
        if let Some(awaited) = &this.awaited {
            awaited.in_line.fetch_add(1, SeqCst);
        }
        InLine(Arc::clone(this))
    }

    /// Whether the event at this place has failed.
    pub(super) fn has_failed(&self, place: usize) -> bool {
        let failures = |awaited: &Awaited| {
            awaited.failures.lock().unwrap_or_else(PoisonError::into_inner).places.contains(&place)
        };
        self.awaited.as_ref().is_some_and(failures)
    }

    /// Waits until none of the call's records waits for space; returns `false` if none did.
    pub(super) async fn left_line(&self) -> bool {
        match &self.awaited {
            Some(awaited) if awaited.in_line.load(SeqCst) > 0 => {
                awaited.until_zero(&awaited.in_line).await;
                true
            }
            _ => false,
        }
    }

    /// Waits until every record has its outcome, and returns the failures.
    pub(super) async fn settled(&self) -> Failures {
        self.close();
        let Some(awaited) = &self.awaited else { return Failures::default() };
        awaited.until_zero(&awaited.open).await;
        std::mem::take(&mut *awaited.failures.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Marks a record as waiting for space.
#[derive(Debug)]
pub(super) struct InLine(Arc<Ticket>);

impl Drop for InLine {
    fn drop(&mut self) {
        if let Some(awaited) = &self.0.awaited
            && awaited.in_line.fetch_sub(1, SeqCst) == 1
        {
            awaited.wake();
        }
    }
}

impl Drop for Awaited {
    /// Dropping spans and wakers runs foreign code.
    fn drop(&mut self) {
        let waker = self.waker.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        guard(|| drop(waker));
        release(std::mem::replace(&mut self.span, Span::none()));
    }
}

impl Awaited {
    async fn until_zero(&self, count: &AtomicUsize) {
        poll_fn(|context| {
            if count.load(SeqCst) == 0 {
                return Poll::Ready(());
            }
            // Cloning and dropping wakers runs foreign code: not under the lock.
            let waker = Some(context.waker().clone());
            let last =
                std::mem::replace(&mut *self.waker.lock().unwrap_or_else(PoisonError::into_inner), waker);
            drop(last);
            // If the count reached zero before the waker was stored, nobody was woken.
            if count.load(SeqCst) == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    fn wake(&self) {
        let waker = self.waker.lock().unwrap_or_else(PoisonError::into_inner).take();
        guard(|| waker.map(Waker::wake));
    }
}
