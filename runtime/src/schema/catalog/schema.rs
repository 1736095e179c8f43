//! A JSON Schema of an event, read for people: definitions, properties in their order, and types in words.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::super::document::EntityDocument;
use super::super::view::FORMER_NAME_OF;

/// The envelope's properties, in the order of the wire.
pub(super) const ENVELOPE: [&str; 7] =
    ["event_id", "event_type", "timestamp", "version", "data", "old_data", "metadata"];

/// A draft-07 document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schema<'a> {
    pub(super) root: &'a Value,
    /// The names of `data`'s fields, in the order of the entity.
    entity: Option<&'a EntityDocument>,
}

/// A property of an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Property<'a> {
    pub(super) name: &'a str,
    pub(super) schema: &'a Value,
    pub(super) required: bool,
}

/// A type in words: `array of Money or null`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Type {
    pub(super) words: Vec<Word>,
    pub(super) nullable: bool,
    /// The only values that are allowed, as JSON; with their docs, if they have any.
    pub(super) values: Vec<(String, String)>,
    /// Limits in words: `1 to 80 characters`.
    pub(super) limits: Vec<String>,
}

/// A part of a type in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Text(String),
    /// The name of a definition.
    Definition(String),
}

impl<'a> Schema<'a> {
    pub(super) fn new(root: &'a Value, entity: &'a EntityDocument) -> Self {
        Self { root, entity: Some(entity) }
    }

    /// A schema of which no entity is known, such as one that was committed.
    pub(super) fn alone(root: &'a Value) -> Self {
        Self { root, entity: None }
    }

    pub(super) fn definitions(self) -> Option<&'a Map<String, Value>> {
        self.root.get("definitions")?.as_object()
    }

    pub(super) fn definition(self, name: &str) -> Option<&'a Value> {
        self.definitions()?.get(name)
    }

    /// The definition of `data`, with its name.
    pub(super) fn data(self) -> Option<(&'a str, &'a Value)> {
        let name = reference(self.root.get("properties")?.get("data")?)?;
        Some((name, self.definition(name)?))
    }

    /// The schema that a reference leads to, or the schema itself. References in a circle end at one of them.
    pub(super) fn resolve(self, schema: &'a Value) -> &'a Value {
        let mut found = schema;
        // A chain that is longer than that is a circle.
        for _ in 0..16 {
            match reference(found).and_then(|name| self.definition(name)) {
                Some(definition) => found = definition,
                None => break,
            }
        }
        found
    }

    /// The properties of an object, in the order of the wire if it is known. Otherwise the required ones come first, in the order
    /// in which the schema lists them, which is that of the Rust type; then the others by name. Former names are left out.
    pub(super) fn properties(self, object: &'a Value) -> Vec<Property<'a>> {
        let Some(properties) = object.get("properties").and_then(Value::as_object) else { return Vec::new() };
        let required = required(object);
        let mut found: Vec<_> = properties
            .iter()
            .filter(|(_, schema)| former_name_of(schema).is_none())
            .map(|(name, schema)| Property { name, schema, required: required.contains(&name.as_str()) })
            .collect();
        let order = self.order(object);
        let order = order.as_deref().unwrap_or(&required);
        let rank = |name: &str| order.iter().position(|&other| other == name).unwrap_or(usize::MAX);
        found.sort_by(|a, b| (rank(a.name), a.name).cmp(&(rank(b.name), b.name)));
        found
    }

    /// The former names of properties, each with the one of today.
    pub(super) fn former_names(object: &'a Value) -> impl Iterator<Item = (&'a str, &'a str)> {
        let properties = object.get("properties").and_then(Value::as_object);
        properties
            .into_iter()
            .flatten()
            .filter_map(|(name, schema)| Some((name.as_str(), former_name_of(schema)?)))
    }

    fn order(self, object: &Value) -> Option<Vec<&'a str>> {
        if std::ptr::eq(object, self.root) {
            return Some(ENVELOPE.to_vec());
        }
        let (_, data) = self.data()?;
        let entity = self.entity.filter(|_| std::ptr::eq(object, data))?;
        Some(entity.fields.iter().map(|field| field.json).collect())
    }

    /// The definitions that `data` leads to, without its own, in the order in which they are met.
    pub(super) fn nested(self) -> Vec<(&'a str, &'a Value)> {
        let Some((name, data)) = self.data() else { return Vec::new() };
        let mut found = vec![(name, data)];
        let mut next = 0;
        while let Some(&(_, schema)) = found.get(next) {
            self.visit(schema, &mut |name, definition| {
                if !found_has(&found, name) {
                    found.push((name, definition));
                }
            });
            next += 1;
        }
        found.remove(0);
        found
    }

    /// A definition and all that it leads to. Two definitions of one name are the same type if these are equal.
    pub(super) fn closure(self, name: &'a str) -> BTreeMap<&'a str, &'a Value> {
        let mut found = BTreeMap::new();
        let mut open: Vec<_> = self.definition(name).map(|schema| (name, schema)).into_iter().collect();
        while let Some((name, schema)) = open.pop() {
            if found.insert(name, schema).is_none() {
                self.visit(schema, &mut |name, definition| open.push((name, definition)));
            }
        }
        found
    }

    /// Calls `each` with the definitions that a schema names, properties in their order.
    fn visit(self, schema: &'a Value, each: &mut impl FnMut(&'a str, &'a Value)) {
        if let Some((name, definition)) =
            schema.get("$ref").and_then(pointed).and_then(|name| Some((name, self.definition(name)?)))
        {
            each(name, definition);
        }
        for property in self.properties(schema) {
            self.visit(property.schema, each);
        }
        match schema {
            Value::Object(keywords) => {
                let mut keywords: Vec<_> = keywords.iter().filter(|(key, _)| *key != "properties").collect();
                keywords.sort_by_key(|(key, _)| *key);
                for (_, value) in keywords {
                    self.visit(value, each);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.visit(item, each);
                }
            }
            _ => {}
        }
    }
}

/// The property that this one is a former name of.
fn former_name_of(schema: &Value) -> Option<&str> {
    schema.get(FORMER_NAME_OF)?.as_str()
}

/// The properties that an object needs. One that has a former name, too, is needed under either: `anyOf` says so.
fn required(object: &Value) -> Vec<&str> {
    fn names(schema: &Value) -> Vec<&str> {
        schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }
    let either = object.get("allOf").and_then(Value::as_array).into_iter().flatten();
    let either = either.filter_map(|schema| schema.get("anyOf")?.as_array()).flatten();
    let mut required = names(object);
    required.extend(either.flat_map(names));
    required
}

fn found_has(found: &[(&str, &Value)], name: &str) -> bool {
    found.iter().any(|(other, _)| *other == name)
}

/// The name of the definition that `{"$ref": "#/definitions/Money"}` points to.
fn pointed(value: &Value) -> Option<&str> {
    value.as_str()?.strip_prefix("#/definitions/")
}

/// The definition that a schema is another name for: `$ref`, alone or wrapped to have a description, or nullable.
pub(super) fn reference(schema: &Value) -> Option<&str> {
    if let Some(target) = schema.get("$ref") {
        return pointed(target);
    }
    let mut branches = branches(schema)?.iter().filter(|branch| !is_null(branch));
    match (branches.next(), branches.next()) {
        (Some(only), None) => reference(only),
        _ => None,
    }
}

/// The schemas that one without properties of its own is made of.
fn branches(schema: &Value) -> Option<&Vec<Value>> {
    let branches = ["allOf", "anyOf", "oneOf"].iter().find_map(|key| schema.get(key)?.as_array());
    branches.filter(|_| schema.get("properties").is_none())
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

/// A schema's type in words.
pub(super) fn describe(schema: &Value) -> Type {
    let mut described = Type::default();
    describe_into(schema, &mut described);
    if described.words.is_empty() {
        described.words.push(Word::Text("any".to_owned()));
    }
    described
}

fn describe_into(schema: &Value, described: &mut Type) {
    if let Some(target) = schema.get("$ref") {
        described.words.push(match pointed(target) {
            Some(name) => Word::Definition(name.to_owned()),
            None => Word::Text(target.as_str().unwrap_or("any").to_owned()),
        });
    } else if let Some(value) = schema.get("const") {
        described.words.push(Word::Text(value.as_str().map_or("constant", |_| "string").to_owned()));
        described.values.push((value.to_string(), docs(schema)));
    } else if let Some(branches) = branches(schema) {
        describe_branches(branches, described);
    } else {
        describe_types(schema, described);
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let values = values.iter().filter(|value| !value.is_null());
            described.values.extend(values.map(|value| (value.to_string(), String::new())));
        }
        described.limits.extend(limits(schema));
    }
}

fn describe_branches(branches: &[Value], described: &mut Type) {
    for branch in branches {
        if is_null(branch) {
            described.nullable = true;
            continue;
        }
        let other = describe(branch);
        described.nullable |= other.nullable;
        described.values.extend(other.values);
        described.limits.extend(other.limits);
        // An enum of documented values has a branch for each.
        if described.words != other.words {
            if !described.words.is_empty() {
                described.words.push(Word::Text(" or ".to_owned()));
            }
            described.words.extend(other.words);
        }
    }
}

fn describe_types(schema: &Value, described: &mut Type) {
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ if schema.get("enum").is_some() => vec!["string"],
        _ => Vec::new(),
    };
    described.nullable |= types.contains(&"null");
    for (index, name) in types.into_iter().filter(|name| *name != "null").enumerate() {
        if index > 0 {
            described.words.push(Word::Text(" or ".to_owned()));
        }
        describe_type(name, schema, described);
    }
}

fn describe_type(name: &str, schema: &Value, described: &mut Type) {
    let of = |kind: &str, inner: Option<&Value>, described: &mut Type| match inner {
        Some(inner @ Value::Object(_)) => {
            described.words.push(Word::Text(format!("{kind} of ")));
            let inner = describe(inner);
            described.words.extend(inner.words);
            described.values.extend(inner.values);
            if inner.nullable {
                described.words.push(Word::Text(" or null".to_owned()));
            }
        }
        _ => described.words.push(Word::Text(kind.to_owned())),
    };
    match name {
        "array" => of("array", schema.get("items"), described),
        "object" => match schema.get("additionalProperties") {
            Some(inner @ Value::Object(_)) if schema.get("properties").is_none() => {
                of("map", Some(inner), described);
            }
            _ => described.words.push(Word::Text("object".to_owned())),
        },
        _ => described.words.push(Word::Text(match schema.get("format").and_then(Value::as_str) {
            Some(format) if name != "number" => format!("{name} ({format})"),
            _ => name.to_owned(),
        })),
    }
}

fn limits(schema: &Value) -> Vec<String> {
    let number = |key: &str| schema.get(key).filter(|limit| limit.is_number()).map(Value::to_string);
    let range = |least: Option<String>, most: Option<String>, unit: &str| match (least, most) {
        (Some(least), Some(most)) if least == most => Some(format!("{least}{unit}")),
        (Some(least), Some(most)) => Some(format!("{least} to {most}{unit}")),
        (Some(least), None) => Some(format!("at least {least}{unit}")),
        (None, Some(most)) => Some(format!("at most {most}{unit}")),
        (None, None) => None,
    };
    // `uint32` says it.
    let unsigned =
        schema.get("format").and_then(Value::as_str).is_some_and(|format| format.starts_with("uint"));
    let minimum = number("minimum").filter(|least| !(unsigned && least == "0"));
    let pattern = schema.get("pattern").and_then(Value::as_str).map(|pattern| format!("matches `{pattern}`"));
    [
        range(minimum, number("maximum"), ""),
        range(number("minLength"), number("maxLength"), " characters"),
        range(number("minItems"), number("maxItems"), " items"),
        pattern,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The description of a schema.
pub(super) fn docs(schema: &Value) -> String {
    schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned()
}

impl Type {
    /// The type as one text, such as `array of Money or null`.
    pub(super) fn text(&self) -> String {
        let mut text: String = self
            .words
            .iter()
            .map(|word| match word {
                Word::Text(text) | Word::Definition(text) => text.as_str(),
            })
            .collect();
        if self.nullable {
            text.push_str(" or null");
        }
        text
    }
}
