//! Recognizes properties that hold secrets.

/// Whether a property's value must never be shown.
pub(super) fn is_secret(property: &str) -> bool {
    let name = property.to_ascii_lowercase();
    ["password", "secret", "key.pem", "token", "jaas", "sasl.oauthbearer.config", "assertion"]
        .iter()
        .any(|part| name.contains(part))
}
