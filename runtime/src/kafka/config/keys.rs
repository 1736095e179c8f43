//! The keys of the configuration: which one sets a librdkafka property, and what is written about each in the guide.

use super::{security, settings};

/// Returns the key that sets a property: a typed one such as `producer.linger_ms`, or `properties."..."`.
pub(super) fn key_of(property: &str) -> String {
    let typed = settings::key_of(property).or_else(|| security::key_of(property));
    typed.unwrap_or_else(|| format!("properties.\"{property}\""))
}

/// A key as the guide lists it.
#[cfg(all(test, any(feature = "outbox-postgres", feature = "outbox-sqlite")))]
pub(super) struct Key {
    /// Without its section.
    pub(super) name: &'static str,
    /// Its documentation in the code.
    pub(super) doc: String,
    /// What it takes.
    pub(super) expected: &'static str,
    /// In text, if there is one.
    pub(super) default: Option<String>,
}
