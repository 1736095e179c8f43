//! Whether a single value satisfies a schema.

use std::cell::Cell;

use serde_json::{Map, Value};

use super::alternative::schemas_of;
use super::document::{self, Document};
use super::number::{End, Numeric};
use super::types::Types;
use super::{number, pattern};

/// Values and schemas that nest deeper are not decided.
const DEPTH: usize = 64;

/// Nor is what takes more steps: branches that refer to one another are many.
const STEPS: usize = 10_000;

/// Returns whether the schema accepts the value; `None` if that depends on a `pattern`, a `format` (with `formats`), or a
/// keyword that is not evaluated.
pub(super) fn accepts(document: Document<'_>, schema: &Value, value: &Value, formats: bool) -> Option<bool> {
    Evaluation { document, formats, steps: Cell::new(0) }.schema(schema, value, 0)
}

/// The same for an object of keywords.
pub(super) fn accepts_object(
    document: Document<'_>,
    schema: &Map<String, Value>,
    value: &Value,
    formats: bool,
) -> Option<bool> {
    Evaluation { document, formats, steps: Cell::new(0) }.object(schema, value, 0)
}

struct Evaluation<'a> {
    document: Document<'a>,
    formats: bool,
    steps: Cell<usize>,
}

impl Evaluation<'_> {
    fn schema(&self, schema: &Value, value: &Value, depth: usize) -> Option<bool> {
        let steps = self.steps.replace(self.steps.get() + 1);
        match schema {
            _ if depth > DEPTH || steps > STEPS => None,
            Value::Bool(accepts) => Some(*accepts),
            Value::Object(schema) => self.object(schema, value, depth),
            _ => None,
        }
    }

    fn object(&self, schema: &Map<String, Value>, value: &Value, depth: usize) -> Option<bool> {
        if let Some(reference) = document::reference(schema) {
            return self.schema(self.document.resolve(reference)?, value, depth + 1);
        }
        let union = |keyword: &str| {
            let listed = schema.get(keyword).is_some_and(Value::is_array);
            let branches =
                || schemas_of(schema, keyword).iter().map(|one| self.schema(one, value, depth + 1));
            if listed { any(branches()) } else { Some(true) }
        };
        all([
            Some(Types::of_schema(schema).has(Types::of_value(value))),
            Some(schema.get("const").is_none_or(|only| only == value)),
            Some(schema.get("enum").and_then(Value::as_array).is_none_or(|listed| listed.contains(value))),
            self.content(schema, value, depth),
            all(schemas_of(schema, "allOf").iter().map(|one| self.schema(one, value, depth + 1))),
            union("anyOf"),
            union("oneOf"),
            schema
                .get("not")
                .map_or(Some(true), |not| self.schema(not, value, depth + 1).map(|accepts| !accepts)),
            if schema.contains_key("if") { None } else { Some(true) },
        ])
    }

    fn content(&self, schema: &Map<String, Value>, value: &Value, depth: usize) -> Option<bool> {
        match value {
            Value::Null | Value::Bool(_) => Some(true),
            Value::Number(number) => {
                let number = Numeric::new(number)?;
                let within = |end: End| {
                    end.of(&[schema], false, self.formats).is_none_or(|bound| bound.allows(number, end))
                };
                let step = schema.get("multipleOf").and_then(Value::as_number).and_then(Numeric::new);
                let multiple = match step {
                    None => Some(true),
                    Some(step) if number.is_multiple_of(step) => Some(true),
                    Some(Numeric::Integer(_)) if matches!(number, Numeric::Integer(_)) => Some(false),
                    Some(_) => None,
                };
                all([Some(within(End::Lower) && within(End::Upper)), multiple, self.format(schema, true)])
            }
            Value::String(text) => {
                let length = text.chars().count() as u64;
                let matched = |pattern: &Value| pattern::matches(pattern.as_str()?, text);
                all([
                    Some(limit(schema, "minLength").is_none_or(|least| length >= least)),
                    Some(limit(schema, "maxLength").is_none_or(|most| length <= most)),
                    schema.get("pattern").map_or(Some(true), matched),
                    self.format(schema, false),
                ])
            }
            Value::Array(items) => self.array(schema, items, depth),
            Value::Object(fields) => self.fields(schema, fields, depth),
        }
    }

    /// Formats are not evaluated, apart from the ranges of integers.
    fn format(&self, schema: &Map<String, Value>, is_number: bool) -> Option<bool> {
        let format = schema.get("format").and_then(Value::as_str).filter(|_| self.formats);
        match format {
            Some("float" | "double") if is_number => Some(true),
            Some(format) if !is_number || number::integer_range(format).is_none() => None,
            _ => Some(true),
        }
    }

    fn array(&self, schema: &Map<String, Value>, items: &[Value], depth: usize) -> Option<bool> {
        let length = items.len() as u64;
        let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let repeats = || items.iter().enumerate().any(|(index, item)| items[..index].contains(item));
        all([
            Some(limit(schema, "minItems").is_none_or(|least| length >= least)),
            Some(limit(schema, "maxItems").is_none_or(|most| length <= most)),
            Some(!unique || !repeats()),
            if schema.contains_key("contains") { None } else { Some(true) },
            all(items.iter().enumerate().map(|(index, item)| match item_schema(schema, index) {
                Some(schema) => self.schema(schema, item, depth + 1),
                None => Some(true),
            })),
        ])
    }

    fn fields(&self, schema: &Map<String, Value>, fields: &Map<String, Value>, depth: usize) -> Option<bool> {
        let count = fields.len() as u64;
        let undecided = ["dependencies", "propertyNames"].iter().any(|keyword| schema.contains_key(*keyword));
        all([
            Some(required(schema).all(|name| fields.contains_key(name))),
            Some(limit(schema, "minProperties").is_none_or(|least| count >= least)),
            Some(limit(schema, "maxProperties").is_none_or(|most| count <= most)),
            if undecided { None } else { Some(true) },
            all(fields.iter().map(|(name, value)| {
                let found = field_schemas(schema, name)?;
                all(found.into_iter().map(|schema| self.schema(schema, value, depth + 1)))
            })),
        ])
    }
}

/// Returns the schemas that an object of keywords has for a field; `None` if that depends on a pattern that is not evaluated.
fn field_schemas<'a>(schema: &'a Map<String, Value>, name: &str) -> Option<Vec<&'a Value>> {
    let mut found: Vec<&Value> =
        schema.get("properties").and_then(|declared| declared.get(name)).into_iter().collect();
    for (pattern, schema) in patterns(schema) {
        if pattern::matches(pattern, name)? {
            found.push(schema);
        }
    }
    if found.is_empty() {
        found.extend(schema.get("additionalProperties"));
    }
    Some(found)
}

/// Returns the entries of `patternProperties`.
pub(super) fn patterns(schema: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("patternProperties").and_then(Value::as_object).into_iter().flatten()
}

/// Returns the names that are required.
pub(super) fn required(schema: &Map<String, Value>) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Returns the schema of the item at an index, if there is any.
pub(super) fn item_schema(schema: &Map<String, Value>, index: usize) -> Option<&Value> {
    match schema.get("items") {
        Some(Value::Array(tuple)) => tuple.get(index).or_else(|| schema.get("additionalItems")),
        items => items,
    }
}

/// Returns a limit that counts something.
pub(super) fn limit(schema: &Map<String, Value>, keyword: &str) -> Option<u64> {
    schema.get(keyword).and_then(Value::as_u64)
}

/// Three-valued `and`.
fn all(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for part in parts {
        match part {
            Some(true) => {}
            Some(false) => return part,
            None => all = None,
        }
    }
    all
}

/// Three-valued `or`.
fn any(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    all(parts.into_iter().map(|part| part.map(|accepts| !accepts))).map(|none| !none)
}
