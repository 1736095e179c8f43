//! Keys that cannot go on.

use std::fmt;

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A partition key whose oldest event Kafka refuses. Its later events wait behind it, so that their order is kept; those of other
/// keys go on.
///
/// `Debug` shows the key regardless of [`KafkaConfig::log_keys`](crate::kafka::KafkaConfig::log_keys).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockedKey {
    /// The topic.
    pub topic: String,
    /// The partition key.
    pub key: String,
    /// When the event was refused first.
    pub since: DateTime<Utc>,
    /// The record's id, as in column `id`.
    pub event_id: Uuid,
    /// The event's type, such as `ProductCreated`.
    pub event_type: String,
    /// How often it was refused.
    pub attempts: u32,
    /// Why, and what to do.
    pub error: String,
    /// How many rows wait behind it.
    pub waiting: u64,
}

impl fmt::Display for BlockedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` in topic `{}`: {}", self.key, self.topic, self.error)
    }
}

/// What an operator decides about a blocked key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// Send its oldest event again.
    Retry,
    /// Drop its oldest event.
    Skip,
    /// Move its oldest event to `outbox_dead`.
    Park,
}
