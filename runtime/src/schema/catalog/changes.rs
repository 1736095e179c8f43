//! What differs between two versions of an event, in words.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schema::{self, Schema, Type, Word};
use super::words;

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) kind: Kind,
    /// The field as consumers address it: `data.price.amount`.
    pub(super) path: String,
    /// What happened to it, behind its name: `is a new optional field (string)`.
    pub(super) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Added,
    Changed,
    Removed,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }
}

/// What a reader sees of a field.
#[derive(Debug, Clone)]
struct Field {
    ty: Type,
    /// The type without the names of Rust types, which are no part of the contract: `array of object`.
    kind: String,
    required: bool,
}

/// The fields of an event by path, and the paths of today for former ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Outline {
    fields: BTreeMap<String, Field>,
    former: BTreeMap<String, String>,
}

impl Outline {
    /// The outline of a reader's schema. `old_data` is left out, since it is `data` again.
    pub(super) fn new(root: &Value) -> Self {
        let schema = Schema::alone(root);
        let mut outline = Self::default();
        for property in schema.properties(root) {
            match property.name {
                // Constants of the event type and its version say nothing about the fields.
                "old_data" | "event_type" | "version" => {}
                name => outline.add(schema, name, property.schema, property.required, &mut Vec::new()),
            }
        }
        outline
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.fields.contains_key(path)
    }

    fn add<'a>(
        &mut self,
        schema: Schema<'a>,
        path: &str,
        property: &'a Value,
        required: bool,
        within: &mut Vec<&'a Value>,
    ) {
        self.fields.insert(path.to_owned(), field(schema, property, required));
        self.descend(schema, path, property, within);
    }

    /// Adds what is below a path: the properties of an object, of an array's items and of a map's values.
    fn descend<'a>(
        &mut self,
        schema: Schema<'a>,
        path: &str,
        described: &'a Value,
        within: &mut Vec<&'a Value>,
    ) {
        let object = schema.resolve(described);
        // A recursive type has been described further up.
        if within.iter().any(|outer| std::ptr::eq(*outer, object)) {
            return;
        }
        within.push(object);
        for (former, name) in Schema::former_names(object) {
            self.former.insert(format!("{path}.{former}"), format!("{path}.{name}"));
        }
        for property in schema.properties(object) {
            self.add(
                schema,
                &format!("{path}.{}", property.name),
                property.schema,
                property.required,
                within,
            );
        }
        if let Some(items) = object.get("items").filter(|items| items.is_object()) {
            self.descend(schema, &format!("{path}[]"), items, within);
        }
        if let Some(values) = object.get("additionalProperties").filter(|values| values.is_object()) {
            self.descend(schema, &format!("{path}.*"), values, within);
        }
        let branches =
            ["allOf", "anyOf", "oneOf"].iter().filter_map(|key| object.get(key)?.as_array()).flatten();
        for branch in branches {
            self.descend(schema, path, branch, within);
        }
        within.pop();
    }
}

/// Looks through definitions that are no objects, such as an enum of strings: their values and limits are the field's.
fn field<'a>(schema: Schema<'a>, property: &'a Value, required: bool) -> Field {
    let mut ty = schema::describe(property);
    let mut kind = String::new();
    for word in ty.words.clone() {
        match word {
            Word::Text(text) => kind.push_str(&text),
            Word::Definition(name) => {
                let target = schema.definition(&name).map(|target| schema.resolve(target));
                match target.filter(|target| target.get("properties").is_none()) {
                    Some(target) => {
                        let inner = schema::describe(target);
                        kind.push_str(&inner.text());
                        ty.values.extend(inner.values);
                        ty.limits.extend(inner.limits);
                    }
                    None => kind.push_str("object"),
                }
            }
        }
    }
    Field { ty, kind, required }
}

/// What differs, in the order of the paths.
pub(super) fn between(old: &Outline, new: &Outline) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut change =
        |kind, path: &str, text: String| changes.push(Change { kind, path: path.to_owned(), text });
    // What is below a field that came or went did so with it.
    let within = |path: &str, outline: &Outline| parent(path).is_some_and(|parent| !outline.has(parent));
    let renamed = |path: &str| new.former.get(path).filter(|name| !old.has(name) && new.has(name));
    for (path, now) in &new.fields {
        let former = old.fields.iter().find(|(former, _)| !new.has(former) && renamed(former) == Some(path));
        match (old.fields.get(path), former) {
            (None, Some((former, before))) => {
                let (_, name) = former.rsplit_once('.').unwrap_or(("", former));
                change(Kind::Changed, path, format!("is the new name of {name}, which is still read"));
                for text in differences(before, now) {
                    change(Kind::Changed, path, text);
                }
            }
            (None, None) if within(path, old) => {}
            (None, None) => change(Kind::Added, path, added(now)),
            (Some(before), _) => {
                for text in differences(before, now) {
                    change(Kind::Changed, path, text);
                }
            }
        }
    }
    for path in
        old.fields.keys().filter(|path| !new.has(path) && !within(path, new) && renamed(path).is_none())
    {
        change(Kind::Removed, path, "was removed".to_owned());
    }
    changes
}

/// The field that a path lies within.
fn parent(path: &str) -> Option<&str> {
    let (parent, _) = path.rsplit_once('.')?;
    Some(parent.trim_end_matches("[]").trim_end_matches(".*"))
}

fn added(field: &Field) -> String {
    let optional = if field.required { "" } else { "optional " };
    format!("is a new {optional}field ({})", field.ty.text())
}

fn differences(old: &Field, new: &Field) -> Vec<String> {
    let mut texts = Vec::new();
    if old.kind != new.kind {
        texts.push(format!("was {} and is now {}", old.ty.text(), new.ty.text()));
    } else if old.ty.nullable != new.ty.nullable {
        texts.push(if new.ty.nullable { "may be null" } else { "is no longer null" }.to_owned());
    }
    match (old.required, new.required) {
        (true, false) => texts.push("became optional".to_owned()),
        (false, true) => texts.push("became required".to_owned()),
        _ => {}
    }
    let only = |ours: &Type, theirs: &Type| -> Vec<String> {
        let known = |value: &str| theirs.values.iter().any(|(other, _)| other == value);
        ours.values.iter().map(|(value, _)| value.clone()).filter(|value| !known(value)).collect()
    };
    let (gone, come) = (only(&old.ty, &new.ty), only(&new.ty, &old.ty));
    if !come.is_empty() {
        texts.push(format!("may also be {}", words::and(&come)));
    }
    if !gone.is_empty() {
        texts.push(format!("is no longer {}", words::and(&gone)));
    }
    if old.ty.limits != new.ty.limits {
        let limits =
            |ty: &Type| if ty.limits.is_empty() { "no limit".to_owned() } else { words::and(&ty.limits) };
        texts.push(format!("had {} and now has {}", limits(&old.ty), limits(&new.ty)));
    }
    texts
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outline(properties: &Value, required: &[&str]) -> Outline {
        Outline::new(&json!({
            "properties": {"data": {"$ref": "#/definitions/Data"}, "old_data": {"$ref": "#/definitions/Data"}},
            "required": ["data"],
            "definitions": {
                "Data": {"type": "object", "properties": properties, "required": required},
                "Node": {"type": "object", "properties": {"next": {"anyOf": [{"$ref": "#/definitions/Node"}, {"type": "null"}]}}},
                "Small": {"enum": ["a", "b"]},
                "Large": {"oneOf": [{"const": "b", "description": "Bee."}, {"const": "c"}]},
            },
        }))
    }

    fn texts(old: &Outline, new: &Outline) -> Vec<String> {
        between(old, new).into_iter().map(|c| format!("{}: {} {}", c.kind.word(), c.path, c.text)).collect()
    }

    #[test]
    fn fields_come_and_go_and_change() {
        let old = outline(
            &json!({"a": {"type": "string"}, "b": {"type": "integer"}, "c": {"type": "string"}}),
            &["a"],
        );
        let new = outline(
            &json!({"a": {"type": ["string", "null"]}, "b": {"type": "number"}, "d": {"type": "boolean"}}),
            &["d", "b"],
        );
        assert_eq!(
            texts(&old, &new),
            [
                "changed: data.a may be null",
                "changed: data.a became optional",
                "changed: data.b was integer and is now number",
                "changed: data.b became required",
                "added: data.d is a new field (boolean)",
                "removed: data.c was removed",
            ]
        );
        assert!(between(&new, &new).is_empty());
    }

    #[test]
    fn a_former_name_is_no_field() {
        let old = outline(&json!({"title": {"type": "string"}}), &["title"]);
        let former = json!({"type": "string", "x-former-name-of": "name"});
        let mut new = outline(&json!({"name": {"type": "string"}, "title": former}), &["name"]);
        assert_eq!(texts(&old, &new), ["changed: data.name is the new name of title, which is still read"]);
        new.former.clear();
        assert_eq!(
            texts(&old, &new),
            ["added: data.name is a new field (string)", "removed: data.title was removed"]
        );
    }

    #[test]
    fn a_new_object_is_one_change_and_a_circle_ends() {
        let (old, new) =
            (outline(&json!({}), &[]), outline(&json!({"node": {"$ref": "#/definitions/Node"}}), &[]));
        assert_eq!(texts(&old, &new), ["added: data.node is a new optional field (Node)"]);
        assert!(new.has("data.node.next"));
    }

    #[test]
    fn values_and_limits() {
        let old = outline(
            &json!({"s": {"allOf": [{"$ref": "#/definitions/Small"}]}, "n": {"type": "string", "maxLength": 3}}),
            &[],
        );
        let new = outline(
            &json!({"s": {"allOf": [{"$ref": "#/definitions/Large"}]}, "n": {"type": "string"}}),
            &[],
        );
        assert_eq!(
            texts(&old, &new),
            [
                "changed: data.n had at most 3 characters and now has no limit",
                "changed: data.s may also be \"c\"",
                "changed: data.s is no longer \"a\"",
            ]
        );
    }

    #[test]
    fn items_of_lists_and_values_of_maps_are_fields_too() {
        let item = |name: &str| json!({"type": "array", "items": {"type": "object", "properties": {name: {"type": "string"}}}});
        let map = |name: &str| json!({"type": "object", "additionalProperties": {"type": "object", "properties": {name: {"type": "string"}}}});
        let old = outline(&json!({"l": item("a"), "m": map("a")}), &[]);
        let new = outline(&json!({"l": item("b"), "m": map("b")}), &[]);
        let paths: Vec<_> = between(&old, &new).into_iter().map(|change| change.path).collect();
        assert_eq!(paths, ["data.l[].b", "data.m.*.b", "data.l[].a", "data.m.*.a"]);
    }
}
