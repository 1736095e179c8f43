//! A producer that records events.

use std::any::Any;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::error::{ErrorKind, PublishError};
use crate::event::Event;
use crate::event_type;
use crate::publish::Publish;

/// Records every published event, of any kind. Clones share their records.
///
/// ```
/// # use entity_events::testing::RecordingProducer;
/// let recording = RecordingProducer::default();
/// let producer = std::sync::Arc::new(recording.clone()); // an `Arc<dyn EventProducer>` for the code under test
/// ```
#[derive(Clone)]
pub struct RecordingProducer(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    count: watch::Sender<usize>,
}

#[derive(Default)]
struct State {
    events: Vec<Box<dyn Any + Send>>,
    failures: VecDeque<ErrorKind>,
}

/// The error returned if fewer events than expected were published in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{came} of {expected} events of feature `{feature}` were published within {limit:?}")]
#[non_exhaustive]
pub struct WaitError {
    /// The number of expected events.
    pub expected: usize,
    /// The number of published events.
    pub came: usize,
    /// The feature of the events.
    pub feature: &'static str,
    /// The time limit.
    pub limit: Duration,
}

impl Default for RecordingProducer {
    fn default() -> Self {
        Self(Arc::new(Inner { state: Mutex::default(), count: watch::channel(0).0 }))
    }
}

impl RecordingProducer {
    /// Returns the events of one kind that were published so far, in order.
    #[must_use]
    pub fn events<E: Event>(&self) -> Vec<E> {
        self.with(|state| state.events.iter().filter_map(|event| event.downcast_ref().cloned()).collect())
    }

    /// Makes the next publish fail with an error of this kind; if called twice, the next two.
    pub fn fail_next(&self, kind: ErrorKind) {
        self.with(|state| state.failures.push_back(kind));
    }

    /// Waits until at least `n` events of one kind were published, and returns all of that kind.
    ///
    /// # Errors
    ///
    /// Returns an error if fewer were published within `limit`, with their number.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime with its timer enabled, such as that of `#[tokio::test]`.
    pub async fn wait_for<E: Event>(&self, n: usize, limit: Duration) -> Result<Vec<E>, WaitError> {
        let mut count = self.0.count.subscribe();
        let _ = timeout(limit, count.wait_for(|_| self.events::<E>().len() >= n)).await;
        let events = self.events::<E>();
        if events.len() < n {
            return Err(WaitError { expected: n, came: events.len(), feature: E::FEATURE, limit });
        }
        Ok(events)
    }

    /// Asserts that an event of one kind was published for which `matches` returns `true`.
    ///
    /// # Panics
    ///
    /// Panics if there is none; the message names the event types that were published.
    #[track_caller]
    pub fn assert_published<E: Event>(&self, matches: impl Fn(&E) -> bool) {
        let events = self.events::<E>();
        let types: Vec<_> = events.iter().map(Event::event_type).collect();
        assert!(events.iter().any(matches), "no matching event of feature `{}` among {types:?}", E::FEATURE);
    }

    /// Clears all events and planned failures.
    pub fn clear(&self) {
        self.with(|state| *state = State::default());
    }

    fn with<R>(&self, f: impl FnOnce(&mut State) -> R) -> R {
        f(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<E: Event> Publish<E> for RecordingProducer {
    async fn publish(&self, event: E) -> Result<(), PublishError> {
        event_type::check(&event)?;
        let id = event.id();
        self.with(|state| {
            if let Some(kind) = state.failures.pop_front() {
                let error = PublishError::new(kind, "failed as requested by `fail_next`");
                return Err(error.with_unpublished([id]));
            }
            state.events.push(Box::new(event));
            Ok(())
        })?;
        self.0.count.send_modify(|count| *count += 1);
        Ok(())
    }
}

impl fmt::Debug for RecordingProducer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.with(|state| state.events.len());
        f.debug_struct("RecordingProducer").field("events", &count).finish_non_exhaustive()
    }
}
