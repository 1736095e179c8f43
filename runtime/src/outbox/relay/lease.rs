//! The lease as this relay knows it, by its own monotonic clock.

use std::cell::Cell;
use std::time::{Duration, Instant};

#[derive(Debug)]
pub(super) struct Lease {
    pub(super) epoch: i64,
    length: Duration,
    /// How long a record may be on its way.
    delivery: Duration,
    until: Cell<Instant>,
}

impl Lease {
    /// `asked` is when the database was asked for it, at the latest.
    pub(super) fn new(epoch: i64, length: Duration, delivery: Duration, asked: Instant) -> Self {
        Self { epoch, length, delivery, until: Cell::new(asked + length) }
    }

    pub(super) fn renewed(&self, asked: Instant) {
        self.until.set(asked + self.length);
    }

    /// Whether a record that leaves now is delivered or given up before the lease is over. librdkafka gives up records whose time
    /// is over before it sends any, also after the process was stopped in between.
    pub(super) fn outlives_a_delivery(&self) -> bool {
        self.until.get().saturating_duration_since(Instant::now()) >= self.delivery
    }

    pub(super) fn is_over(&self) -> bool {
        Instant::now() >= self.until.get()
    }

    /// How often it is renewed: three times before a record would outlive it.
    pub(super) fn renewal(&self) -> Duration {
        self.length.saturating_sub(self.delivery) / 3
    }
}
