//! Reading configuration values: each straight from what the source gives into its type.
//!
//! Environment variables arrive as strings, TOML and JSON as numbers and booleans; both are taken. An unknown
//! key is an error that suggests the nearest one.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

/// A value that a configuration can hold, read from its text.
pub(super) trait Setting: Sized {
    /// What is expected, to stand behind "give".
    const EXPECTED: &'static str;
    /// Whether an error may show the text that was given.
    const SECRET: bool = false;

    fn parse(text: &str) -> Option<Self>;
}

impl Setting for String {
    const EXPECTED: &'static str = "a text";
    // Texts hold passwords too; where one is wrong, the check that says so shows it.
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
    const EXPECTED: &'static str = "a whole number from 0 to 4294967295";

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

/// Reads the next value of a map into its type; an error names the key.
pub(super) fn value<'de, S: Setting, A: MapAccess<'de>>(map: &mut A, key: &str) -> Result<S, A::Error> {
    let text = map
        .next_value_seed(Scalar)
        .map_err(|e| A::Error::custom(format!("`{key}`: give {}: {e}", S::EXPECTED)))?;
    S::parse(&text).ok_or_else(|| {
        let shown = if S::SECRET { String::new() } else { format!(", not `{text}`") };
        A::Error::custom(format!("`{key}`: give {}{shown}", S::EXPECTED))
    })
}

/// What to say of a key that does not exist.
pub(super) fn unknown_key(section: &str, key: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(key, name), name))
        .filter(|(distance, name)| *distance <= name.len().max(key.len()) / 3 + 1)
        .min();
    let remedy = match nearest {
        Some((_, name)) => format!("did you mean `{section}{name}`?"),
        None => format!("the keys are `{}`", known.join("`, `")),
    };
    format!("unknown key `{section}{key}`; {remedy}")
}

/// A string, number or boolean, as text.
struct Scalar;

impl<'de> DeserializeSeed<'de> for Scalar {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Scalar {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a single value")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<String, E> {
        Ok(value.to_owned())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<String, E> {
        Ok(value.to_string())
    }
}

/// librdkafka properties by name: `"socket.timeout.ms" = 5000`, or nested tables, whose names are joined by `.`
/// (environment variables can only nest).
#[derive(Clone)]
pub(super) struct Properties(String);

impl Properties {
    pub(super) fn new() -> Self {
        Self(String::new())
    }
}

impl<'de> DeserializeSeed<'de> for Properties {
    type Value = BTreeMap<String, String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Properties {
    type Value = BTreeMap<String, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of librdkafka properties")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut properties = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            let name = if self.0.is_empty() { key } else { format!("{}.{key}", self.0) };
            properties.append(&mut map.next_value_seed(Self(name))?);
        }
        Ok(properties)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        self.scalar(Scalar.visit_str::<E>(value)?)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        self.scalar(Scalar.visit_bool::<E>(value)?)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        self.scalar(Scalar.visit_i64::<E>(value)?)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        self.scalar(Scalar.visit_u64::<E>(value)?)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        self.scalar(Scalar.visit_f64::<E>(value)?)
    }
}

impl Properties {
    fn scalar<E: Error>(self, value: String) -> Result<BTreeMap<String, String>, E> {
        if self.0.is_empty() {
            return Err(E::custom("`properties`: give a table of librdkafka properties, not a single value"));
        }
        Ok(BTreeMap::from([(self.0, value)]))
    }
}
