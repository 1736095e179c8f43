//! What one call is waiting for.

use std::future::poll_fn;
use std::sync::PoisonError;
use std::sync::atomic::Ordering::SeqCst;
use std::task::{Poll, Waker};

use tracing::Span;

use super::ledger::Ledger;
use super::sync::{Arc, AtomicUsize, Mutex};
use crate::error::{ErrorKind, PublishError};
use crate::kafka::guard::guard;

/// Gathers how the records of a call end.
#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) ledger: Arc<Ledger>,
    /// `None` for all calls that do not wait.
    awaited: Option<Awaited>,
}

#[derive(Debug)]
struct Awaited {
    /// Records without an outcome, and one for the caller while it still hands in records.
    open: AtomicUsize,
    /// Records that wait for room in the queue.
    in_line: AtomicUsize,
    failures: Mutex<Failures>,
    waker: Mutex<Option<Waker>>,
    /// Outcomes are logged within the caller's span.
    span: Span,
}

/// What failed, by the events' places in the call.
#[derive(Debug, Default)]
pub(super) struct Failures {
    /// The first error, or the first of unknown outcome: that is what the call as a whole then is.
    pub(super) error: Option<PublishError>,
    places: Vec<usize>,
    /// Events of two records, one of which is written.
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

    /// The places of the events that are not confirmed, in order.
    pub(super) fn places(&mut self) -> &[usize] {
        self.places.sort_unstable();
        self.places.dedup();
        &self.places
    }

    /// Whether some of an event's records are written, and others are not.
    pub(super) fn splits_an_event(&self) -> bool {
        self.half_written.iter().any(|place| self.places.contains(place))
    }
}

impl Ticket {
    /// For a call that waits.
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

    /// For all calls that do not.
    pub(super) fn unawaited(ledger: &Arc<Ledger>) -> Self {
        Self { ledger: Arc::clone(ledger), awaited: None }
    }

    /// The caller's span, unless the caller is gone.
    pub(super) fn span(&self) -> Option<&Span> {
        self.awaited.as_ref().map(|awaited| &awaited.span)
    }

    /// A record goes on its way.
    pub(super) fn open(&self) {
        if let Some(awaited) = &self.awaited {
            awaited.open.fetch_add(1, SeqCst);
        }
    }

    /// A record has its outcome, or was refused on its way.
    pub(super) fn close(&self) {
        if let Some(awaited) = &self.awaited
            && awaited.open.fetch_sub(1, SeqCst) == 1
        {
            awaited.wake();
        }
    }

    /// A record of the event at this place failed.
    pub(super) fn fail(&self, place: usize, error: PublishError) {
        if let Some(awaited) = &self.awaited {
            awaited.failures.lock().unwrap_or_else(PoisonError::into_inner).add(place, error);
        }
    }

    /// One of two records of the event at this place is written.
    pub(super) fn half_written(&self, place: usize) {
        if let Some(awaited) = &self.awaited {
            awaited.failures.lock().unwrap_or_else(PoisonError::into_inner).half_written.push(place);
        }
    }

    /// A record waits for room, until what is returned is dropped.
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

    /// Waits until none of the call's records waits for room; `false` if none did.
    pub(super) async fn left_line(&self) -> bool {
        match &self.awaited {
            Some(awaited) if awaited.in_line.load(SeqCst) > 0 => {
                awaited.until_zero(&awaited.in_line).await;
                true
            }
            _ => false,
        }
    }

    /// Waits until every record has its outcome: what failed.
    pub(super) async fn settled(&self) -> Failures {
        self.close();
        let Some(awaited) = &self.awaited else { return Failures::default() };
        awaited.until_zero(&awaited.open).await;
        std::mem::take(&mut *awaited.failures.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A record that waits for room.
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
    /// Spans and wakers end in code that is not ours.
    fn drop(&mut self) {
        let waker = self.waker.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        guard(|| drop(waker));
        let span = std::mem::replace(&mut self.span, Span::none());
        guard(|| drop(span));
    }
}

impl Awaited {
    async fn until_zero(&self, count: &AtomicUsize) {
        poll_fn(|context| {
            if count.load(SeqCst) == 0 {
                return Poll::Ready(());
            }
            // Cloning and dropping wakers runs code that is not ours: not under the lock.
            let waker = Some(context.waker().clone());
            let last =
                std::mem::replace(&mut *self.waker.lock().unwrap_or_else(PoisonError::into_inner), waker);
            drop(last);
            // A count that reached zero before the waker was there has woken nobody.
            if count.load(SeqCst) == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    fn wake(&self) {
        let waker = self.waker.lock().unwrap_or_else(PoisonError::into_inner).take();
        guard(|| waker.map(Waker::wake));
    }
}
