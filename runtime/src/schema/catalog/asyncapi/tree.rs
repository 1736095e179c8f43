//! JSON whose objects keep the order in which they were written.
//!
//! `serde_json` sorts keys unless some crate of the build asks it not to. A document that is committed must not depend on that.

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// A JSON value with ordered objects.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    /// Null, a boolean, a number or a string.
    Scalar(Value),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// An object with these entries.
    pub(crate) fn map<const N: usize>(entries: [(&str, Self); N]) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// A list of strings.
    pub(crate) fn texts<const N: usize>(texts: [&str; N]) -> Self {
        Self::List(texts.into_iter().map(Self::from).collect())
    }

    /// An object that refers to `pointer` in the same document.
    pub(crate) fn reference(pointer: &str) -> Self {
        Self::map([("$ref", format!("#/{pointer}").into())])
    }

    /// Adds an entry to an object; anything else stays as it is.
    pub(crate) fn insert(&mut self, key: impl Into<String>, value: impl Into<Self>) {
        if let Self::Map(entries) = self {
            entries.push((key.into(), value.into()));
        }
    }

    /// The text as pretty-printed JSON, which ends with a line break.
    pub(crate) fn to_json(&self) -> String {
        // A tree has only string keys, so writing it cannot fail.
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }
}

/// Objects become sorted by key, whatever order `serde_json` has for them.
impl From<Value> for Tree {
    fn from(value: Value) -> Self {
        match value {
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(entries) => {
                let mut entries: Vec<_> =
                    entries.into_iter().map(|(key, value)| (key, Self::from(value))).collect();
                entries.sort_by(|a, b| a.0.cmp(&b.0));
                Self::Map(entries)
            }
            scalar => Self::Scalar(scalar),
        }
    }
}

impl From<&str> for Tree {
    fn from(text: &str) -> Self {
        Self::Scalar(text.into())
    }
}

impl From<String> for Tree {
    fn from(text: String) -> Self {
        Self::Scalar(text.into())
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Scalar(value) => value.serialize(serializer),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
        }
    }
}
