//! Whether two schemas say the same.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::document::{self, Document};

/// Keywords that describe and do not restrict. What of `definitions` matters is referred to.
const ANNOTATIONS: [&str; 10] = [
    "$comment",
    "$id",
    "$schema",
    "definitions",
    "deprecated",
    "description",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

/// Values that nest deeper are taken for different.
const DEPTH: usize = 100;

/// Returns whether the schemas are the same apart from annotations; references are the same if what they refer to is.
pub(super) fn same<'a>(a: (Document<'a>, &'a Value), b: (Document<'a>, &'a Value)) -> bool {
    Sameness { a: a.0, b: b.0, assumed: HashSet::new() }.schemas(a.1, b.1, 0)
}

struct Sameness<'a> {
    a: Document<'a>,
    b: Document<'a>,
    assumed: HashSet<(&'a str, &'a str)>,
}

impl<'a> Sameness<'a> {
    fn schemas(&mut self, a: &'a Value, b: &'a Value, depth: usize) -> bool {
        match (a, b) {
            _ if depth > DEPTH => false,
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.schemas(a, b, depth + 1))
            }
            (Value::Object(left), Value::Object(right)) => {
                match (document::reference(left), document::reference(right)) {
                    (Some(a), Some(b)) => self.references(a, b, depth),
                    (None, None) => self.keywords(left, right, depth),
                    _ => false,
                }
            }
            _ => a == b,
        }
    }

    fn keywords(&mut self, a: &'a Map<String, Value>, b: &'a Map<String, Value>, depth: usize) -> bool {
        let count = |schema: &Map<String, Value>| schema.keys().filter(|name| restricts(name)).count();
        count(a) == count(b)
            && a.iter().filter(|(name, _)| restricts(name)).all(|(name, a)| {
                let Some(b) = b.get(name) else { return false };
                match (name.as_str(), a, b) {
                    ("const" | "enum" | "default", ..) => a == b,
                    (
                        "properties" | "patternProperties" | "dependencies",
                        Value::Object(a),
                        Value::Object(b),
                    ) => {
                        a.len() == b.len()
                            && a.iter()
                                .all(|(name, a)| b.get(name).is_some_and(|b| self.schemas(a, b, depth + 1)))
                    }
                    _ => self.schemas(a, b, depth + 1),
                }
            })
    }

    fn references(&mut self, a: &'a str, b: &'a str, depth: usize) -> bool {
        if !self.assumed.insert((a, b)) {
            return true;
        }
        match (self.a.resolve(a), self.b.resolve(b)) {
            (Some(a), Some(b)) => self.schemas(a, b, depth + 1),
            _ => false,
        }
    }
}

fn restricts(keyword: &str) -> bool {
    !ANNOTATIONS.contains(&keyword)
}
