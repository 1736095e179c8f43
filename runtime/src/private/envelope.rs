//! The envelope around the data of an event: its JSON, and what a new one holds.

use std::fmt::Display;

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::event::{Event, EventMetadata};

/// The JSON of every event. Written from references, read as owned parts.
#[derive(Debug, Serialize, Deserialize)]
pub struct Envelope<T, V, D, M> {
    /// The unique id.
    pub event_id: Uuid,
    /// What happened.
    pub event_type: T,
    /// When it happened.
    #[serde(with = "timestamp")]
    pub timestamp: DateTime<Utc>,
    /// The version of the schema.
    pub version: V,
    /// The entity after the change.
    pub data: D,
    /// The entity before the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_data: Option<D>,
    /// Who published the event, and on whose behalf.
    pub metadata: M,
}

/// A new event id.
#[must_use]
pub fn event_id() -> Uuid {
    Uuid::now_v7()
}

/// The time of an event, in the resolution of the wire.
#[must_use]
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// The version of a new event.
#[must_use]
pub fn version<E: Event>() -> String {
    E::VERSION.to_owned()
}

/// The metadata of a new event.
#[must_use]
pub fn metadata<E: Event>(correlation_id: Uuid, user_id: Option<&dyn Display>) -> EventMetadata {
    let mut metadata = EventMetadata::new(E::SOURCE, correlation_id);
    metadata.user_id = user_id.map(ToString::to_string);
    metadata
}

/// The timestamp on the wire: RFC 3339 in UTC with six digits after the second.
mod timestamp {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes `2026-11-23T10:00:00.123456Z`.
    pub(super) fn serialize<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        crate::time::with_text(*time, |text| serializer.serialize_str(text))
    }

    /// Reads any RFC 3339 time.
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        DateTime::deserialize(deserializer)
    }
}
