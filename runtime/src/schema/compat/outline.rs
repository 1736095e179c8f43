//! The fields of a schema.

use std::collections::BTreeMap;

use serde_json::Value;

use super::alternative::alternatives;
use super::describe;
use super::document::Document;
use super::value::{item_schema, required};

/// Fields that nest deeper are left out, which ends recursive types, too.
const DEPTH: usize = 8;

/// So are more fields than these.
const MOST: usize = 2_000;

/// Returns each field's path with what it accepts.
pub(super) fn fields(schema: &Value) -> BTreeMap<String, String> {
    let mut outline = Outline { document: Document::new(schema), fields: BTreeMap::new() };
    outline.enter("", schema, 0);
    outline.fields
}

struct Outline<'a> {
    document: Document<'a>,
    fields: BTreeMap<String, String>,
}

impl<'a> Outline<'a> {
    fn enter(&mut self, path: &str, schema: &'a Value, depth: usize) {
        let Some(found) = alternatives(self.document, &[schema]).filter(|_| depth < DEPTH) else { return };
        for flat in found.iter().flat_map(|alternative| &alternative.flats) {
            let required: Vec<&str> = required(flat).collect();
            for (name, schema) in flat.get("properties").and_then(Value::as_object).into_iter().flatten() {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let mut text = describe::schema(self.document, &[schema]);
                if !required.contains(&name.as_str()) {
                    text.push_str(", optional");
                }
                self.field(path, text, schema, depth);
            }
            if let Some(items) = item_schema(flat, 0) {
                self.enter(&format!("{path}[]"), items, depth + 1);
            }
            if let Some(values) = flat.get("additionalProperties").filter(|schema| schema.is_object()) {
                self.enter(&format!("{path}.*"), values, depth + 1);
            }
        }
    }

    fn field(&mut self, path: String, text: String, schema: &'a Value, depth: usize) {
        if self.fields.len() < MOST && !self.fields.contains_key(&path) {
            self.enter(&path, schema, depth + 1);
            self.fields.insert(path, text);
        }
    }
}
