//! The JSON of an event type: its name.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};
use serde::ser;

use crate::event_type::{REFUSAL, UnknownEventType};

/// Reads one of `types` by its name, or else `unknown`.
///
/// # Errors
///
/// If it is no string.
pub fn read_event_type<'de, T: Copy, D: Deserializer<'de>>(
    deserializer: D,
    types: &[T],
    name: fn(T) -> &'static str,
    unknown: fn(UnknownEventType) -> T,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(EventTypeVisitor { types, name, unknown })
}

/// Refuses to write an event type that was only read.
///
/// # Errors
///
/// Always.
pub fn refuse_event_type<T, E: ser::Error>(unknown: UnknownEventType) -> Result<T, E> {
    Err(E::custom(format_args!("unknown event type `{unknown}`: {REFUSAL}")))
}

struct EventTypeVisitor<'a, T> {
    types: &'a [T],
    name: fn(T) -> &'static str,
    unknown: fn(UnknownEventType) -> T,
}

impl<T: Copy> Visitor<'_> for EventTypeVisitor<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an event type")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<T, E> {
        let found = self.types.iter().find(|known| (self.name)(**known) == name);
        Ok(found.copied().unwrap_or_else(|| (self.unknown)(UnknownEventType::read(name))))
    }
}
