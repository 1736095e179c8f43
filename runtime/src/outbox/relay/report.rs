//! A relay's state and its final report.

use std::time::Duration;

use crate::telemetry::OutboxDepth;

/// Whether a relay works or waits for another to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum RelayRole {
    /// It has the lease, and sends.
    Active,
    /// Another relay has the lease, or the database is unavailable.
    #[default]
    Standby,
}

/// What a relay has done, and what waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[must_use]
#[non_exhaustive]
pub struct RelayStats {
    /// Whether it works or stands by.
    pub role: RelayRole,
    /// Rows in the table, as counted last: every 10 seconds, and less often if counting takes longer. 0 in a relay that stands by.
    pub pending: u64,
    /// The age of the oldest of them by the database's clock, when they were counted last. It does not grow between counts.
    pub oldest: Option<Duration>,
    /// Records on their way to Kafka.
    pub in_flight: u64,
    /// Records that every in-sync replica has acknowledged to this relay.
    pub delivered: u64,
    /// Keys that cannot go on; see [`Outbox::blocked`](crate::outbox::Outbox::blocked).
    pub blocked_keys: u64,
    /// How often this relay has taken the lease.
    pub leases: u64,
}

impl RelayStats {
    /// As metrics show it.
    pub(super) fn depth(self) -> OutboxDepth {
        OutboxDepth {
            active: self.role == RelayRole::Active,
            pending: self.pending,
            in_flight: self.in_flight,
            blocked_keys: self.blocked_keys,
            oldest: self.oldest.unwrap_or_default(),
        }
    }
}

/// How a relay ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[must_use]
#[non_exhaustive]
pub struct RelayReport {
    /// Records that every in-sync replica has acknowledged to this relay.
    pub delivered: u64,
    /// Records that were on their way, without an acknowledgement. They stay in the table, and the next relay sends them again under the same id, although
    /// some may have been written.
    pub unacknowledged: u64,
    /// Whether another relay can take over at once. If not, it can when the lease is over.
    pub lease_returned: bool,
}
