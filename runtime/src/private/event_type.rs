//! The JSON of an event type: its name.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};

/// Reads one of `types` by its name.
///
/// # Errors
///
/// If none has that name.
pub fn read_event_type<'de, T: Copy, D: Deserializer<'de>>(
    deserializer: D,
    types: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(EventTypeVisitor { types, name })
}

struct EventTypeVisitor<'a, T> {
    types: &'a [T],
    name: fn(T) -> &'static str,
}

impl<T: Copy> EventTypeVisitor<'_, T> {
    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.types.iter().map(|event_type| (self.name)(*event_type))
    }
}

impl<T: Copy> Visitor<'_> for EventTypeVisitor<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an event type")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<T, E> {
        let found = self.types.iter().zip(self.names()).find(|(_, known)| *known == name);
        found.map(|(event_type, _)| *event_type).ok_or_else(|| {
            let known: Vec<_> = self.names().collect();
            E::custom(format_args!("unknown event type `{name}`; expected one of `{}`", known.join("`, `")))
        })
    }
}
