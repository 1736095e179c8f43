//! What became of the events.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use crate::error::ErrorKind;

/// An accepted event that will not arrive, or is not known to.
///
/// `Debug` shows the key unless [`KafkaConfig::log_keys`](crate::kafka::KafkaConfig::log_keys) is `false`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LostEvent {
    /// The event's id.
    pub id: Uuid,
    /// The event's type, such as `ProductCreated`.
    pub event_type: String,
    /// Where it should have gone.
    pub topic: String,
    /// Its partition key, whatever [`KafkaConfig::log_keys`](crate::kafka::KafkaConfig::log_keys) says: it may be personal
    /// data.
    pub key: String,
    /// Whether it was written, and whether trying again can help.
    pub kind: ErrorKind,
    /// What went wrong and what to do; shared, because many events are lost for one reason.
    pub error: Arc<str>,
    /// Whether it is the tombstone that follows the event, and not the event itself, that is lost. [`id`](Self::id) is the
    /// event's own then, too; publishing the event again sends both.
    pub tombstone: bool,
    /// Whether logs may hold the key.
    pub(super) shows_key: bool,
}

impl LostEvent {
    /// What it takes in memory.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + self.event_type.len() + self.topic.len() + self.key.len()
    }

    /// The key, where logs may hold it.
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

/// Counts since the service was built, of records: a deletion followed by a tombstone counts as two.
///
/// `accepted = delivered + lost + queued` at every moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[must_use]
#[non_exhaustive]
pub struct PublishStats {
    /// Taken over: queued, or emitted and reported as lost at once.
    pub accepted: u64,
    /// Acknowledged by every in-sync replica.
    pub delivered: u64,
    /// Reported as lost.
    pub lost: u64,
    /// Still on their way.
    pub queued: u64,
    /// Lost events that `on_lost` was not called for, because it was too slow to be called for all.
    pub unreported: u64,
    /// How often a producer broke and was replaced.
    pub rebuilt: u64,
}

/// What became of every record that the service ever accepted: one for each event, and two for a deletion that is followed by
/// a tombstone.
///
/// `delivered + lost.len() + lost_unlisted + unresolved` is the number of accepted records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
#[non_exhaustive]
pub struct CloseReport {
    /// Records that every in-sync replica acknowledged.
    pub delivered: u64,
    /// Records that were lost, oldest first: the first 100,000 of the service's life, or 16 MiB of them.
    pub lost: Vec<LostEvent>,
    /// Further lost events, which were logged and are only counted here.
    pub lost_unlisted: u64,
    /// Lost events that `on_lost` was not called for, because it was too slow to be called for all.
    pub unreported: u64,
    /// Events without an outcome: the time was over, and librdkafka did not give them back. 0 in a complete report.
    pub unresolved: u64,
}
