//! The events of a unit of work that is not committed yet.

use entity_events::outbox::Collection;

use crate::config::Topics;
use crate::domain::interfaces::EventProducer;

/// Forgets its events if the unit of work is dropped: its transaction is rolled back, too.
#[derive(Debug)]
pub(super) struct PendingEvents(Collection<Topics>);

impl PendingEvents {
    pub(super) fn new(collection: Collection<Topics>) -> Self {
        Self(collection)
    }

    pub(super) fn producer(&self) -> &dyn EventProducer {
        &self.0
    }

    /// The same events, to be committed. They are forgotten here once they are written.
    pub(super) fn collection(&self) -> Collection<Topics> {
        self.0.clone()
    }
}

impl Drop for PendingEvents {
    fn drop(&mut self) {
        self.0.clone().discard();
    }
}
