//! What was left in the table, and is read by itself.

use crate::outbox::relay::store::{Claimed, Topic};

/// How a row was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::outbox::relay) enum Origin {
    Claim,
    /// By itself, because its topic was behind; with the failures of the topic by then.
    Topic(u64),
    /// By itself, because its key was behind from this row on.
    Key(i64),
}

/// Rows to be read by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::outbox::relay) struct Rest {
    pub(in crate::outbox::relay) topic: Topic,
    pub(in crate::outbox::relay) first: i64,
    pub(in crate::outbox::relay) limit: usize,
    /// The failures of the topic by now.
    pub(super) failures: u64,
}

impl Rest {
    /// Whether a row is of the topic or key, and not one of a gap elsewhere.
    pub(in crate::outbox::relay) fn has(&self, row: &Claimed) -> bool {
        self.topic.name == row.topic && self.topic.key.as_ref().is_none_or(|key| *key == row.key)
    }

    pub(in crate::outbox::relay) fn origin(&self) -> Origin {
        if self.topic.key.is_some() { Origin::Key(self.first) } else { Origin::Topic(self.failures) }
    }
}
