//! What generated code calls. Not part of the public contract: names here may change with any release.

use std::fmt::{Debug, Display, Write};

pub use async_trait::async_trait;
pub use chrono::{DateTime, Utc};
pub use serde;
pub use uuid::Uuid;

pub use crate::listed::{Listed, listed};

use chrono::SubsecRound;

use crate::error::PublishError;
use crate::event::{Event, EventMetadata};
use crate::headers::Headers;

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
    EventMetadata {
        source_service: E::SOURCE.to_owned(),
        correlation_id,
        user_id: user_id.map(ToString::to_string),
        causation_id: None,
    }
}

/// The key as a text of its own.
#[must_use]
pub fn owned_key<E: Event>(event: &E) -> String {
    let mut key = String::new();
    event.write_key(&mut key);
    key
}

/// Appends the key fields as text, joined by `:`.
pub fn join_key(key: &mut String, fields: &[&dyn Display]) {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            key.push(':');
        }
        // Writing to a `String` cannot fail.
        let _ = write!(key, "{field}");
    }
}

/// A field as part of the key.
pub fn key<T: KeyText>(field: &T) -> &dyn Display {
    field
}

/// A field that can be part of the key: everything with a `Display`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a partition key, since it has no `Display`",
    label = "no `Display`",
    note = "implement `std::fmt::Display` for it, or, as for an `Option`, convert the field: `#[event(with = path, ty = String)]`"
)]
pub trait KeyText: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display> KeyText for T {}

/// A field that can be a header or the user: everything with a `Display`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a header or the user, since it has no `Display`",
    label = "no `Display`",
    note = "implement `std::fmt::Display` for it, or for what is in the `Option`, or convert the field: `#[event(with = path, ty = String)]`"
)]
pub trait FieldText: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display> FieldText for T {}

/// A field whose text may be missing: an `Option` has one where it is `Some`, everything else always.
///
/// The method of `Option` is found before that of [`Always`], which is how the two are told apart.
#[derive(Debug)]
pub struct Text<'a, T>(pub &'a T);

impl<'a, T: FieldText> Text<'a, Option<T>> {
    /// The text, where there is one.
    #[must_use]
    pub fn get(self) -> Option<&'a dyn Display> {
        self.0.as_ref().map(|text| text as &dyn Display)
    }
}

/// See [`Text`].
pub trait Always<'a> {
    /// What the field holds.
    type Field;

    /// The text.
    fn get(self) -> Option<&'a dyn Display>
    where
        Self::Field: FieldText;
}

impl<'a, T> Always<'a> for Text<'a, T> {
    type Field = T;

    fn get(self) -> Option<&'a dyn Display>
    where
        T: FieldText,
    {
        Some(self.0)
    }
}

/// Adds a header, where there is a text for it.
pub fn header(headers: &mut Headers, name: &'static str, text: Option<&dyn Display>) {
    if let Some(text) = text {
        headers.push(name, text);
    }
}

/// What an entity's `error` type can do.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a `PublishError`",
    label = "no `From<PublishError>`",
    note = "write `impl From<entity_events::PublishError> for {Self}`, or name a constructor that takes the message: `#[event(map_error = path)]`"
)]
pub trait FromPublishError: From<PublishError> {}

#[diagnostic::do_not_recommend]
impl<E: From<PublishError>> FromPublishError for E {}

/// What a publish returns, `Result<(), E>`: as a trait, so that an alias of the whole leads to the error.
pub trait Outcome {
    /// What a failed one returns.
    type Error;

    /// Itself.
    fn of(result: Result<(), Self::Error>) -> Self;
}

impl<E> Outcome for Result<(), E> {
    type Error = E;

    fn of(result: Self) -> Self {
        result
    }
}

/// A failure as the entity's own error, by `From`.
pub fn own_error<O: Outcome<Error: FromPublishError>>(result: Result<(), PublishError>) -> O {
    O::of(result.map_err(O::Error::from))
}

/// A failure as the entity's own error, by the constructor in `map_error`.
pub fn made_error<O: Outcome>(
    result: Result<(), PublishError>,
    constructor: impl FnOnce(String) -> O::Error,
) -> O {
    O::of(result.map_err(|error| constructor(error.to_string())))
}

/// Applies a `with` conversion; as a function, so that a closure's argument type is known.
pub fn convert<F: ?Sized, T>(field: &F, with: impl FnOnce(&F) -> T) -> T {
    with(field)
}

/// Logs an event that a hand-written producer could not publish.
pub fn log_unpublished((id, event_type): (Uuid, &'static str), result: Result<(), impl Debug>) {
    if let Err(error) = result {
        tracing::error!(event_id = %id, event_type, ?error, "event not published");
    }
}

/// The timestamp on the wire: RFC 3339 in UTC with six digits behind the second.
pub mod timestamp {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes `2026-11-23T10:00:00.123456Z`.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        crate::time::with_text(*time, |text| serializer.serialize_str(text))
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

/// The traits of a snapshot whose attributes are wrong: it has them, so that no other mistake is reported. The
/// bodies never run, since the compilation has failed.
#[doc(hidden)]
#[macro_export]
macro_rules! __hollow {
    ($data:ident) => {
        #[automatically_derived]
        impl ::core::fmt::Debug for $data {
            fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::unreachable!()
            }
        }

        #[automatically_derived]
        impl ::core::clone::Clone for $data {
            fn clone(&self) -> Self {
                ::core::unreachable!()
            }
        }

        #[automatically_derived]
        impl $crate::__private::serde::Serialize for $data {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                _: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                ::core::unreachable!()
            }
        }

        #[automatically_derived]
        impl<'de> $crate::__private::serde::Deserialize<'de> for $data {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                _: D,
            ) -> ::core::result::Result<Self, D::Error> {
                ::core::unreachable!()
            }
        }
    };
}

pub use __hollow as hollow;
