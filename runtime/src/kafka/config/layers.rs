//! The librdkafka properties of all layers: the highest wins, and every value keeps the key that set it.

use std::collections::BTreeMap;

use super::keys::key_of;

/// No `Debug`: it holds secrets.
#[derive(Default)]
pub(super) struct Layers(BTreeMap<String, Property>);

struct Property {
    value: String,
    /// As the user wrote it.
    key: String,
}

impl Layers {
    /// Sets a property from a typed key, or from a built-in default.
    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), Property { value: value.into(), key: key_of(name) });
    }

    /// Sets a property from `properties`, in which the user may have written its alias.
    pub(super) fn set_by_property(&mut self, name: &str, written: &str, value: &str) {
        let key = format!("properties.\"{written}\"");
        self.0.insert(name.to_owned(), Property { value: value.to_owned(), key });
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|property| property.value.as_str())
    }

    /// Returns the key to edit: the one that set the property, or the one that would.
    pub(super) fn key(&self, name: &str) -> String {
        self.0.get(name).map_or_else(|| key_of(name), |property| property.key.clone())
    }

    pub(super) fn values(&self) -> impl Iterator<Item = (String, String)> {
        self.0.iter().map(|(name, property)| (name.clone(), property.value.clone()))
    }
}
