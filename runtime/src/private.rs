//! What generated code calls. Not part of the public contract: names here may change with any release.

use std::fmt::{Debug, Display, Write};

pub use async_trait::async_trait;
pub use chrono::{DateTime, Utc};
pub use serde;
pub use uuid::Uuid;

use chrono::SubsecRound;

use crate::event::{Event, EventMetadata};

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

/// The metadata of a new event.
#[must_use]
pub fn metadata<E: Event>(correlation_id: Uuid, user_id: Option<&dyn Display>) -> EventMetadata {
    EventMetadata {
        source_service: E::SOURCE.to_owned(),
        correlation_id,
        user_id: user_id.map(ToString::to_string),
        causation_id: None,
    }
}

/// The key fields as text, joined by `:`.
#[must_use]
pub fn join_key(fields: &[&dyn Display]) -> String {
    let mut key = String::new();
    for (index, field) in fields.iter().enumerate() {
        let separator = if index == 0 { "" } else { ":" };
        // Writing to a `String` cannot fail.
        let _ = write!(key, "{separator}{field}");
    }
    key
}

/// Applies a `with` conversion; as a function, so that a closure's argument type is known.
pub fn convert<F: ?Sized, T>(field: &F, with: impl FnOnce(&F) -> T) -> T {
    with(field)
}

/// Logs an event that a hand-written producer could not publish.
pub fn log_unpublished<E: Event>(id: Uuid, event_type: &'static str, result: Result<(), impl Debug>) {
    if let Err(error) = result {
        tracing::error!(event_id = %id, event_type, feature = E::FEATURE, ?error, "event not published");
    }
}

/// Whether two features are the same, at compile time.
#[must_use]
pub const fn same_feature(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut index = 0;
    while index < left.len() {
        if left[index] != right[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// The timestamp on the wire: RFC 3339 in UTC with six digits behind the second.
pub mod timestamp {
    use chrono::{DateTime, SecondsFormat, Utc};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes `2026-11-23T10:00:00.123456Z`.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        time.to_rfc3339_opts(SecondsFormat::Micros, true).serialize(serializer)
    }

    /// Reads any RFC 3339 time.
    ///
    /// # Errors
    ///
    /// Where the text is no such time.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        DateTime::deserialize(deserializer)
    }
}
