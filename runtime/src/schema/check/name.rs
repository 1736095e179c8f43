//! The names of schema files.

use std::fmt;

use crate::schema::document::{EntityDocument, EventDocument};

/// The name of a schema file: `product.created.v1.json`, or `product.created.v1.2.json` for the second former schema of
/// version 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileName {
    pub(super) feature: String,
    /// In snake case.
    pub(super) kind: String,
    pub(super) major: u64,
    /// The number of a former schema; `None` is the current one.
    pub(super) former: Option<u64>,
}

impl FileName {
    pub(super) fn new(entity: &EntityDocument, event: &EventDocument, major: u64) -> Self {
        let kind =
            event.name.strip_prefix(entity.entity).filter(|kind| !kind.is_empty()).unwrap_or(event.name);
        Self { feature: entity.feature.to_owned(), kind: snake_case(kind), major, former: None }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        let parts: Vec<&str> = name.strip_suffix(".json")?.split('.').collect();
        let (feature, kind, version, former) = match parts.as_slice() {
            [feature, kind, version] => (feature, kind, version, None),
            [feature, kind, version, former] => (feature, kind, version, Some(number(former)?)),
            _ => return None,
        };
        let is_name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
        let major = number(version.strip_prefix('v')?)?;
        (is_name(feature) && is_name(kind)).then(|| Self {
            feature: (*feature).to_owned(),
            kind: (*kind).to_owned(),
            major,
            former,
        })
    }

    /// Returns whether both are about one event type.
    pub(super) fn is_event_of(&self, other: &Self) -> bool {
        self.feature == other.feature && self.kind == other.kind
    }

    /// Returns the name of a former schema of the same version.
    pub(super) fn former(&self, former: u64) -> Self {
        Self { former: Some(former), ..self.clone() }
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.v{}", self.feature, self.kind, self.major)?;
        if let Some(former) = self.former {
            write!(f, ".{former}")?;
        }
        f.write_str(".json")
    }
}

/// A number as we write it, so that two names never mean one file.
fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut before = None;
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let starts = c.is_uppercase()
            && before.is_some_and(|b: char| {
                !b.is_uppercase() && b != '_' || rest.peek().is_some_and(|n| n.is_lowercase())
            });
        if starts && before != Some('_') {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
        before = Some(c);
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::{FileName, snake_case};

    #[test]
    fn names_are_read_as_they_are_written() {
        for name in ["product.created.v1.json", "order_line.stock_adjusted.v12.3.json"] {
            assert_eq!(FileName::parse(name).map(|name| name.to_string()).as_deref(), Some(name));
        }
    }

    #[test]
    fn other_names_are_refused() {
        for name in [
            "product.json",
            "product.created.json",
            "product.created.v1",
            "product.created.1.json",
            "a.b.v01.json",
        ] {
            assert_eq!(FileName::parse(name), None, "{name}");
        }
        assert_eq!(FileName::parse("a..v1.json"), None);
        assert_eq!(FileName::parse("a.b.v1.2.3.json"), None);
    }

    #[test]
    fn kinds_are_in_snake_case() {
        for (name, snake) in [
            ("Created", "created"),
            ("StockAdjusted", "stock_adjusted"),
            ("SKUChanged", "sku_changed"),
            ("V2Made", "v2_made"),
        ] {
            assert_eq!(snake_case(name), snake);
        }
    }
}
