//! Whether callers may hand records to librdkafka directly.

use std::mem;
use std::ops::Deref;
use std::sync::PoisonError;

use super::sync::RwLock;

/// The current client. Callers hold the read lock only while they hand over one record, which never blocks.
#[derive(Debug)]
pub(super) struct Gate<C>(RwLock<Door<C>>);

#[derive(Debug)]
pub(super) enum Door<C> {
    Open(C),
    /// Between two clients: records join the line.
    Shut,
    /// There will be no further client.
    Ended,
}

impl<C> Gate<C> {
    pub(super) fn shut() -> Self {
        Self(RwLock::new(Door::Shut))
    }

    pub(super) fn read(&self) -> impl Deref<Target = Door<C>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for callers that are handing over a record.
    pub(super) fn settle(&self) {
        drop(self.0.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Waits for callers that are handing over a record, so that none uses the previous client afterwards.
    pub(super) fn set(&self, door: Door<C>) {
        let last = mem::replace(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner), door);
        drop(last);
    }
}
