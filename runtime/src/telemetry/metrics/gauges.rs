//! What is there now.

use super::OutboxDepth;
use super::catalog::{BLOCKED_KEYS, OLDEST_AGE, QUEUED_MESSAGES, RECORDS, RELAY_ACTIVE};
use super::instrument::Gauge;

/// Set once a second at most, so handles are not kept.
#[allow(clippy::cast_precision_loss, reason = "counts below 2^53")]
pub(super) fn queued(messages: u64) {
    Gauge::new(&QUEUED_MESSAGES, &[]).set(messages as f64);
}

#[allow(clippy::cast_precision_loss, reason = "counts below 2^53")]
pub(super) fn outbox(depth: OutboxDepth) {
    let OutboxDepth { active, pending, in_flight, blocked_keys, oldest } = depth;
    Gauge::new(&RECORDS, &[("outbox.status", "pending")]).set(pending as f64);
    Gauge::new(&RECORDS, &[("outbox.status", "in_flight")]).set(in_flight as f64);
    Gauge::new(&OLDEST_AGE, &[]).set(oldest.as_secs_f64());
    Gauge::new(&BLOCKED_KEYS, &[]).set(blocked_keys as f64);
    Gauge::new(&RELAY_ACTIVE, &[]).set(if active { 1.0 } else { 0.0 });
}
