//! The configuration key of each librdkafka property.

use super::{security, settings};

/// Returns the key that sets a property: a typed one such as `producer.linger_ms`, or `properties."..."`.
pub(super) fn key_of(property: &str) -> String {
    let typed = settings::key_of(property).or_else(|| security::key_of(property));
    typed.unwrap_or_else(|| format!("properties.\"{property}\""))
}
