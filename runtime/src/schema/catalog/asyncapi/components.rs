//! The schemas of all events under one roof, each name once.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::super::document::EntityDocument;
use super::super::schema::Schema;
use super::Tree;

/// What a schema leads to, by name: equal for two definitions that are the same type.
type Closure<'a> = BTreeMap<&'a str, &'a Value>;

/// The schemas so far.
#[derive(Debug)]
pub(super) struct Components<'a> {
    /// Where the schemas will be: `components/schemas`.
    place: &'static str,
    schemas: Vec<(String, Tree)>,
    definitions: Vec<Definition<'a>>,
}

#[derive(Debug)]
struct Definition<'a> {
    /// The name in the event's own schema.
    original: &'a str,
    closure: Closure<'a>,
    name: String,
}

/// The names of an event's schemas in the document.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) event: String,
}

/// The keywords of a schema in the order in which people read them; all others follow by name.
const KEYWORDS: [&str; 12] = [
    "$ref",
    "title",
    "description",
    "deprecated",
    "type",
    "format",
    "const",
    "enum",
    "required",
    "properties",
    "additionalProperties",
    "items",
];

impl<'a> Components<'a> {
    pub(super) fn new(place: &'static str) -> Self {
        Self { place, schemas: Vec::new(), definitions: Vec::new() }
    }

    /// Adds the schemas of an entity's events, and returns their names for each event.
    pub(super) fn add(&mut self, entity: &'a EntityDocument) -> Vec<Names> {
        entity.events.iter().map(|event| self.add_event(entity, event.name, &event.reader)).collect()
    }

    fn add_event(&mut self, entity: &'a EntityDocument, event: &str, reader: &'a Value) -> Names {
        let schema = Schema::new(reader, entity);
        let mut new = Vec::new();
        let mut names = BTreeMap::new();
        for definition in order(schema) {
            let closure = schema.closure(definition);
            let known = self
                .definitions
                .iter()
                .find(|known| known.original == definition && known.closure == closure);
            let name = if let Some(known) = known {
                known.name.clone()
            } else {
                let name = self.free_name(definition, entity.entity);
                self.definitions.push(Definition { original: definition, closure, name: name.clone() });
                new.push(definition);
                name
            };
            names.insert(definition, name);
        }
        let renamed = Renamed { schema, names: &names, place: self.place };
        self.schemas.push((event.to_owned(), renamed.tree(reader)));
        for definition in new {
            if let (Some(name), Some(found)) = (names.get(definition), schema.definition(definition)) {
                self.schemas.push((name.clone(), titled(name, renamed.tree(found))));
            }
        }
        Names { event: event.to_owned() }
    }

    /// The definition's name if it is free, or the entity's and the definition's, or that with a number.
    fn free_name(&self, definition: &str, entity: &str) -> String {
        let legal = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
        let plain: String = definition.chars().map(legal).collect();
        let taken = |name: &str| {
            self.definitions.iter().any(|known| known.name == name)
                || self.schemas.iter().any(|(other, _)| other == name)
        };
        let numbered = (2..).map(|number| format!("{entity}{plain}{number}"));
        let mut candidates = [plain.clone(), format!("{entity}{plain}")].into_iter().chain(numbered);
        candidates.find(|name| !taken(name)).unwrap_or(plain)
    }

    pub(super) fn schemas(self) -> Vec<(String, Tree)> {
        self.schemas
    }
}

/// The definitions of a schema: `data`, what it leads to, then the others by name.
fn order(schema: Schema<'_>) -> Vec<&str> {
    let mut names: Vec<&str> = schema.data().map(|(name, _)| name).into_iter().collect();
    names.extend(schema.nested().into_iter().map(|(name, _)| name));
    let mut others: Vec<&str> =
        schema.definitions().into_iter().flat_map(|all| all.keys().map(String::as_str)).collect();
    others.retain(|name| !names.contains(name));
    others.sort_unstable();
    names.extend(others);
    names
}

/// The schema with its name as its title: generators name types by that, and would number those that share one.
fn titled(name: &str, tree: Tree) -> Tree {
    let mut titled = Tree::map([("title", name.into())]);
    match tree {
        Tree::Map(entries) => {
            entries
                .into_iter()
                .filter(|(key, _)| key != "title")
                .for_each(|(key, value)| titled.insert(key, value));
            titled
        }
        other => other,
    }
}

/// A document whose definitions move elsewhere, some under another name.
#[derive(Debug)]
struct Renamed<'a> {
    schema: Schema<'a>,
    names: &'a BTreeMap<&'a str, String>,
    place: &'static str,
}

impl Renamed<'_> {
    /// A schema without what belongs to a document of its own, and with its references changed.
    fn tree(&self, object: &Value) -> Tree {
        let Value::Object(keywords) = object else { return object.clone().into() };
        let mut keywords: Vec<_> = keywords
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "$schema" | "$id" | "definitions"))
            .map(|(key, value)| (key.as_str(), value))
            .collect();
        let rank = |key: &str| KEYWORDS.iter().position(|keyword| *keyword == key).unwrap_or(usize::MAX);
        keywords.sort_by(|a, b| (rank(a.0), a.0).cmp(&(rank(b.0), b.0)));
        let keyword = |(key, value): (&str, &Value)| (key.to_owned(), self.keyword(key, value, object));
        Tree::Map(keywords.into_iter().map(keyword).collect())
    }

    fn keyword(&self, key: &str, value: &Value, object: &Value) -> Tree {
        match (key, value) {
            ("$ref", Value::String(target)) => {
                let known = target.strip_prefix("#/definitions/").and_then(|name| self.names.get(name));
                known.map_or_else(|| target.as_str().into(), |name| format!("#/{}/{name}", self.place).into())
            }
            ("properties", Value::Object(all)) => {
                let ordered = self.schema.properties(object);
                let former =
                    Schema::former_names(object).filter_map(|(name, _)| Some((name, all.get(name)?)));
                let all = ordered.iter().map(|property| (property.name, property.schema)).chain(former);
                Tree::Map(all.map(|(name, schema)| (name.to_owned(), self.tree(schema))).collect())
            }
            ("patternProperties" | "dependencies", Value::Object(_)) => {
                let Tree::Map(mut entries) = Tree::from(value.clone()) else { return value.clone().into() };
                for (name, entry) in &mut entries {
                    if let Some(original) = value.get(name.as_str()) {
                        *entry = self.tree(original);
                    }
                }
                Tree::Map(entries)
            }
            ("allOf" | "anyOf" | "oneOf" | "items", Value::Array(schemas)) => {
                Tree::List(schemas.iter().map(|schema| self.tree(schema)).collect())
            }
            (
                "items"
                | "not"
                | "additionalProperties"
                | "additionalItems"
                | "contains"
                | "propertyNames"
                | "if"
                | "then"
                | "else",
                _,
            ) => self.tree(value),
            // A list of properties in their own order, or a value.
            _ => value.clone().into(),
        }
    }
}
