//! The ways to satisfy a schema.

use serde_json::{Map, Value};

use super::document::{self, Document};
use super::types::Types;
use super::value;

/// Combinations of `anyOf` and `oneOf` beyond this many are not told apart.
const MOST: usize = 256;

/// References and nested applicators beyond this depth are not followed.
const DEPTH: usize = 32;

/// Schemas that take more steps to resolve are not resolved.
const STEPS: usize = 5_000;

/// One way to satisfy a schema: objects of keywords that hold together, with `$ref`, `allOf`, `anyOf` and `oneOf` resolved.
#[derive(Debug, Clone)]
pub(super) struct Alternative<'a> {
    pub(super) flats: Vec<&'a Map<String, Value>>,
    pub(super) types: Types,
    /// The type that a reference named last.
    pub(super) name: Option<&'a str>,
}

impl<'a> Alternative<'a> {
    /// Returns the values of `const` and `enum`, if there are any such keywords.
    pub(super) fn values(&self) -> Option<Vec<&'a Value>> {
        let mut values = None;
        for &flat in &self.flats {
            for choice in [flat.get("const").map(std::slice::from_ref), listed(flat)].into_iter().flatten() {
                values = Some(match values {
                    None => choice.iter().collect(),
                    Some(known) => {
                        let known: Vec<&Value> = known;
                        known.into_iter().filter(|value| choice.contains(value)).collect()
                    }
                });
            }
        }
        values
    }

    pub(super) fn with_types(&self, types: Types) -> Self {
        Self { types, ..self.clone() }
    }

    /// Returns a keyword's value in each of the objects that has it.
    pub(super) fn keyword<'k>(&'k self, keyword: &'k str) -> impl Iterator<Item = &'a Value> + 'k {
        self.flats.iter().filter_map(move |flat| flat.get(keyword))
    }
}

fn listed(flat: &Map<String, Value>) -> Option<&[Value]> {
    flat.get("enum").and_then(Value::as_array).map(Vec::as_slice)
}

/// Returns the ways to satisfy all of the schemas at once, or `None` if there are too many to tell.
///
/// They cover every value that the schemas allow, and may cover more: `not`, `if` and a reference into nowhere are taken for
/// no restriction.
pub(super) fn alternatives<'a>(
    document: Document<'a>,
    schemas: &[&'a Value],
) -> Option<Vec<Alternative<'a>>> {
    counted(document, schemas).0
}

/// The same, with the steps that it took.
pub(super) fn counted<'a>(
    document: Document<'a>,
    schemas: &[&'a Value],
) -> (Option<Vec<Alternative<'a>>>, usize) {
    let mut expansion = Expansion { document, steps: 0 };
    let any = vec![Alternative { flats: Vec::new(), types: Types::ALL, name: None }];
    let mut found = schemas.iter().try_fold(any, |found, schema| expansion.conjoin(found, schema, 0));
    if let Some(found) = &mut found {
        found.retain(|alternative| !is_never(document, alternative));
    }
    (found, expansion.steps)
}

struct Expansion<'a> {
    document: Document<'a>,
    steps: usize,
}

impl<'a> Expansion<'a> {
    fn conjoin(
        &mut self,
        mut known: Vec<Alternative<'a>>,
        schema: &'a Value,
        depth: usize,
    ) -> Option<Vec<Alternative<'a>>> {
        self.steps += 1 + known.len();
        let schema = match schema {
            _ if self.steps > STEPS => return None,
            Value::Bool(false) => return Some(Vec::new()),
            Value::Object(schema) if depth <= DEPTH => schema,
            _ => return Some(known),
        };
        if let Some(reference) = document::reference(schema) {
            let Some(target) = self.document.resolve(reference) else { return Some(known) };
            for alternative in &mut known {
                alternative.name = Some(document::name(reference));
            }
            return self.conjoin(known, target, depth + 1);
        }
        if accepts_nothing(schema) {
            return Some(Vec::new());
        }
        let types = Types::of_schema(schema);
        for alternative in &mut known {
            alternative.flats.push(schema);
            alternative.types = alternative.types.and(types);
        }
        known.retain(|alternative| !alternative.types.is_empty());
        for part in schemas_of(schema, "allOf") {
            known = self.conjoin(known, part, depth + 1)?;
        }
        for keyword in ["anyOf", "oneOf"] {
            if schema.get(keyword).is_some_and(Value::is_array) {
                known = self.branches(&known, schemas_of(schema, keyword), depth)?;
            }
        }
        Some(known)
    }

    fn branches(
        &mut self,
        known: &[Alternative<'a>],
        branches: &'a [Value],
        depth: usize,
    ) -> Option<Vec<Alternative<'a>>> {
        let mut all = Vec::new();
        for branch in branches {
            all.extend(self.conjoin(known.to_vec(), branch, depth + 1)?);
            if all.len() > MOST {
                return None;
            }
        }
        Some(all)
    }
}

/// Returns the schemas that a keyword lists.
pub(super) fn schemas_of<'a>(schema: &'a Map<String, Value>, keyword: &str) -> &'a [Value] {
    schema.get(keyword).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// `{"not": {}}` is what schemars writes for a type without values.
fn accepts_nothing(schema: &Map<String, Value>) -> bool {
    schema.get("not").is_some_and(|not| match not {
        Value::Bool(accepts) => *accepts,
        Value::Object(not) => not.is_empty(),
        _ => false,
    })
}

fn is_never(document: Document<'_>, alternative: &Alternative<'_>) -> bool {
    let Some(values) = alternative.values() else { return false };
    !values.iter().any(|value| is_possible(document, alternative, value))
}

/// Returns whether the value may satisfy the alternative.
pub(super) fn is_possible(document: Document<'_>, alternative: &Alternative<'_>, value: &Value) -> bool {
    alternative.types.has(Types::of_value(value))
        && alternative
            .flats
            .iter()
            .all(|flat| value::accepts_object(document, flat, value, true) != Some(false))
}
