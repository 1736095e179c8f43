//! Parses configuration values, each directly into its type.
//!
//! Environment variables arrive as strings, TOML and JSON as numbers and booleans; both are accepted. An unknown key is an
//! error that suggests the nearest one.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// A configuration value, parsed from its text.
pub(super) trait Setting: Sized {
    /// The expected value, for error messages after "expected".
    const EXPECTED: &'static str;
    /// Whether errors must not show the given text.
    const SECRET: bool = false;

    fn parse(text: &str) -> Option<Self>;
}

impl Setting for String {
    const EXPECTED: &'static str = "a string";
    // A string may be a password; a check that refuses another string shows it itself.
    const SECRET: bool = true;

    fn parse(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl Setting for Option<String> {
    const EXPECTED: &'static str = String::EXPECTED;
    const SECRET: bool = true;

    fn parse(text: &str) -> Option<Self> {
        Some(Some(text.to_owned()))
    }
}

impl Setting for u32 {
    const EXPECTED: &'static str = "an integer from 0 to 4294967295";

    fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok()
    }
}

impl Setting for bool {
    const EXPECTED: &'static str = "`true` or `false`";

    fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }
}

/// Declares an enum whose values have names in Kafka's configuration.
macro_rules! named_values {
    ($(#[$doc:meta])* $name:ident, $expected:literal; $($(#[$vdoc:meta])* $variant:ident = $text:literal,)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(match self { $(Self::$variant => $text,)* })
            }
        }

        impl $crate::kafka::config::values::Setting for $name {
            const EXPECTED: &'static str = $expected;

            fn parse(text: &str) -> Option<Self> {
                [$(($text, Self::$variant),)*]
                    .into_iter()
                    .find_map(|(name, value)| name.eq_ignore_ascii_case(text.trim()).then_some(value))
            }
        }
    };
}
pub(super) use named_values;

/// Parses the next value of a map; the error names the key.
pub(super) fn value<'de, S: Setting, A: MapAccess<'de>>(map: &mut A, key: &str) -> Result<S, A::Error> {
    let invalid = |found: String| {
        A::Error::custom(format!("invalid value for `{key}`: expected {}{found}", S::EXPECTED))
    };
    let text = match map.next_value::<Node>() {
        Ok(Node::Text(text)) => text,
        Ok(Node::Table(_)) => return Err(invalid(", found a table".to_owned())),
        Err(error) => return Err(invalid(format!(" ({error})"))),
    };
    S::parse(&text)
        .ok_or_else(|| invalid(if S::SECRET { String::new() } else { format!(", found `{text}`") }))
}

/// Parses librdkafka properties by name: `"socket.timeout.ms" = 5000`, or nested tables, whose names are joined by `.`
/// (environment variables can only nest).
pub(super) fn properties<'de, A: MapAccess<'de>>(map: &mut A) -> Result<BTreeMap<String, String>, A::Error> {
    match map.next_value::<Node>()? {
        Node::Text(_) => {
            let problem = "invalid value for `properties`: expected a table of librdkafka properties, found a single value";
            Err(A::Error::custom(problem))
        }
        table @ Node::Table(_) => {
            let mut properties = BTreeMap::new();
            table.flatten("", &mut properties);
            Ok(properties)
        }
    }
}

/// Returns the error for an unknown key, with the most similar known key, or else all of them.
///
/// Similarity is as in the macros: an edit distance of one, or a Jaro-Winkler similarity above 0.8.
pub(super) fn unknown_key(section: &str, key: &str, known: &[&str]) -> String {
    let similarity = |name: &str| {
        let (key, name) = (key.to_lowercase(), name.to_lowercase());
        let is_typo = strsim::osa_distance(&key, &name) == 1;
        if is_typo { 0.99 } else { strsim::jaro_winkler(&key, &name) }
    };
    let nearest = known.iter().max_by(|a, b| similarity(a).total_cmp(&similarity(b)));
    let remedy = match nearest.filter(|nearest| similarity(nearest) > 0.8) {
        Some(nearest) => format!("did you mean `{section}{nearest}`?"),
        None => format!("expected one of `{section}{}`", known.join(&format!("`, `{section}"))),
    };
    format!("unknown key `{section}{key}`; {remedy}")
}

/// A value in a configuration source: a string, number or boolean as its text, or a table.
enum Node {
    Text(String),
    Table(BTreeMap<String, Node>),
}

impl Node {
    fn flatten(self, name: &str, into: &mut BTreeMap<String, String>) {
        match self {
            Self::Text(text) => {
                into.insert(name.to_owned(), text);
            }
            Self::Table(nodes) => {
                for (key, node) in nodes {
                    let name = if name.is_empty() { key } else { format!("{name}.{key}") };
                    node.flatten(&name, into);
                }
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a single value")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut nodes = BTreeMap::new();
        while let Some((key, node)) = map.next_entry()? {
            nodes.insert(key, node);
        }
        Ok(Node::Table(nodes))
    }
}

#[cfg(test)]
mod tests {
    use super::unknown_key;

    #[test]
    fn typos_suggest_one_key_and_other_words_list_all() {
        let keys = ["linger_ms", "batch_size", "retries"];
        let all = "expected one of `producer.linger_ms`, `producer.batch_size`, `producer.retries`";
        let rows = [
            ("lingr_ms", "did you mean `producer.linger_ms`?"),
            ("lignerms", "did you mean `producer.linger_ms`?"),
            ("Retries", "did you mean `producer.retries`?"),
            ("batchsize", "did you mean `producer.batch_size`?"),
            ("acks", all),
            ("", all),
        ];
        for (key, remedy) in rows {
            let expected = format!("unknown key `producer.{key}`; {remedy}");
            assert_eq!(unknown_key("producer.", key, &keys), expected);
        }
    }
}
