//! The outcomes of events.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use crate::error::ErrorKind;

/// An accepted event that is lost, or of unknown outcome.
///
/// `Debug` shows the key unless [`KafkaConfig::log_keys`](crate::kafka::KafkaConfig::log_keys) is `false`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LostEvent {
    /// The event's id.
    pub id: Uuid,
    /// The event's type, such as `ProductCreated`.
    pub event_type: String,
    /// The topic that it was meant for.
    pub topic: String,
    /// Its partition key, regardless of [`KafkaConfig::log_keys`](crate::kafka::KafkaConfig::log_keys): it may be personal
    /// data.
    pub key: String,
    /// Whether it was written, and whether trying again can help.
    pub kind: ErrorKind,
    /// What went wrong and what to do; shared, because many events are lost for the same reason.
    pub error: Arc<str>,
    /// Whether the tombstone that follows the event is lost, rather than the event itself. [`id`](Self::id) is the event's id
    /// in both cases; publishing the event again sends both.
    pub tombstone: bool,
    /// Whether logs may contain the key.
    pub(super) shows_key: bool,
}

impl LostEvent {
    /// Its size in memory.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + self.event_type.len() + self.topic.len() + self.key.len()
    }

    /// The key, if logs may contain it.
    pub(super) fn key_to_show(&self) -> Option<&str> {
        self.shows_key.then_some(&self.key)
    }
}

impl fmt::Debug for LostEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LostEvent")
            .field("id", &self.id)
            .field("event_type", &self.event_type)
            .field("topic", &self.topic)
            .field("key", &self.key_to_show().unwrap_or("<hidden>"))
            .field("kind", &self.kind)
            .field("error", &self.error)
            .field("tombstone", &self.tombstone)
            .finish_non_exhaustive()
    }
}

/// Counts of records since the service was built; a deletion followed by a tombstone counts as two.
///
/// `accepted = delivered + lost + stored + queued` at all times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[must_use]
#[non_exhaustive]
pub struct PublishStats {
    /// Accepted: queued, or emitted and reported as lost at once.
    pub accepted: u64,
    /// Acknowledged by every in-sync replica.
    pub delivered: u64,
    /// Reported as lost.
    pub lost: u64,
    /// Committed to the outbox of the builder's `fallback`, whose relay delivers them; 0
    /// without one.
    pub stored: u64,
    /// Still queued or in flight.
    pub queued: u64,
    /// Lost events for which `on_lost` was not called, because it was too slow.
    pub unreported: u64,
    /// The number of times a broken producer was replaced.
    pub rebuilt: u64,
}

/// The outcome of every record that the service ever accepted: one for each event, and two for a deletion followed by a
/// tombstone.
///
/// `delivered + stored + lost.len() + lost_unlisted + unresolved` is the number of accepted records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
#[non_exhaustive]
pub struct CloseReport {
    /// Records that every in-sync replica acknowledged.
    pub delivered: u64,
    /// Records that were committed to the outbox of the builder's `fallback`, whose relay
    /// delivers them; 0 without one.
    pub stored: u64,
    /// Records that were lost, oldest first: the first 100,000 since the service was built, or 16 MiB of them.
    pub lost: Vec<LostEvent>,
    /// Further lost events, which were logged and are only counted here.
    pub lost_unlisted: u64,
    /// Lost events for which `on_lost` was not called, because it was too slow.
    pub unreported: u64,
    /// Records without an outcome: the time was up, and librdkafka did not return them. 0 in a complete report.
    pub unresolved: u64,
}
