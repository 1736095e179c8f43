//! Is every value that a writer's schema allows accepted by a reader's?
//!
//! The schemas are those of JSON Schema draft-07 that schemars makes of Rust types. Annotations (`title`, `description`,
//! `default`, `examples`, …) do not count. The answer is conservative: what is not understood is a [`Rule::Unproven`], and never
//! silently accepted. This concerns
//!
//! * a reader's `not`, `if`, `contains` and `dependencies`, unless the writer has the same;
//! * regular expressions, which are compared by their text, apart from those of schemars' own;
//! * a union that a reader accepts only by joining several of its branches;
//! * more than 256 combinations of variants, and schemas that nest deeper than 100.
//!
//! `oneOf` is taken for `anyOf`: serde takes the first variant that fits. `uniqueItems` and `format` count, though serde reads
//! a set with repeated items.

mod alternative;
mod array;
mod describe;
mod document;
mod finding;
mod inclusion;
mod level;
mod number;
mod object;
mod outline;
mod pattern;
mod rule;
mod same;
mod scalar;
#[cfg(test)]
mod tests;
mod types;
mod value;

use std::collections::BTreeMap;

use serde_json::Value;

use self::document::Document;
use self::inclusion::Inclusion;
pub use self::level::Compatibility;
pub use self::rule::{Direction, Rule};

/// A way in which a reader fails on what a writer may write.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Break {
    /// The rule that the change breaks.
    pub rule: Rule,
    /// Who fails to read what.
    pub direction: Direction,
    /// Where, such as `data.items[].price`; empty at the root.
    pub path: String,
    /// What the old version has there, in a few words.
    pub old: String,
    /// What the new version has there.
    pub new: String,
}

/// What counts in a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// `format` restricts, as it does for a reader in Rust.
    pub formats: bool,
    /// A reader's required property may be missing if it has a `default`.
    pub defaults: bool,
}

impl Settings {
    /// For the schemas of a writer and a reader in Rust.
    pub const RUST: Self = Self { formats: true, defaults: false };
    /// For a Confluent registry's strict policy, which compares the published schemas.
    pub const REGISTRY: Self = Self { formats: false, defaults: true };
}

/// Returns the ways in which the new version fails on records of the old one, or the old one on those of the new one.
///
/// At most 200 are returned.
#[must_use]
pub fn breaks(direction: Direction, writer: &Value, reader: &Value, settings: Settings) -> Vec<Break> {
    let findings = Inclusion::new(writer, reader, settings).findings();
    let mut breaks: Vec<Break> = findings
        .into_iter()
        .map(|finding| {
            let (rule, path) = (finding.kind.rule(direction), finding.path());
            let (old, new) = match direction {
                Direction::Backward => (finding.writer, finding.reader),
                Direction::Forward => (finding.reader, finding.writer),
            };
            Break { rule, direction, path, old, new }
        })
        .collect();
    breaks.sort_by(|a, b| (&a.path, a.rule).cmp(&(&b.path, b.rule)));
    breaks
}

/// Returns whether two schemas say the same, apart from annotations.
pub(crate) fn is_same(a: &Value, b: &Value) -> bool {
    same::same((Document::new(a), a), (Document::new(b), b))
}

/// Describes each field of a schema: its path and what it accepts.
pub(crate) fn fields(schema: &Value) -> BTreeMap<String, String> {
    outline::fields(schema)
}
