//! The keywords of objects.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::alternative::Alternative;
use super::finding::{Finding, Kind, Step};
use super::inclusion::Inclusion;
use super::value::{limit, patterns, required};
use super::{describe, pattern, value};

/// The schema of every name of a field.
static STRING: LazyLock<Value> = LazyLock::new(|| serde_json::json!({"type": "string"}));

/// What a writer may write into an object.
struct Fields<'w, 'a> {
    flats: &'w [&'a Map<String, Value>],
    declared: BTreeSet<&'a str>,
    required: BTreeSet<&'a str>,
}

impl<'w, 'a> Fields<'w, 'a> {
    fn new(writer: &'w Alternative<'a>) -> Self {
        let declared = writer.flats.iter().flat_map(|flat| properties(flat)).map(|(name, _)| name.as_str());
        let required = writer.flats.iter().flat_map(|flat| required(flat));
        Self { flats: &writer.flats, declared: declared.collect(), required: required.collect() }
    }

    /// Returns what holds for the field.
    fn schemas(&self, name: &str) -> Vec<&'a Value> {
        self.flats.iter().flat_map(|flat| field_schemas(flat, name)).collect()
    }

    /// Returns what holds for fields whose names match the pattern; they are in no object's `properties`.
    fn matching(&self, pattern: &str) -> Vec<&'a Value> {
        let of_flat =
            |flat: &&'a Map<String, Value>| match patterns(flat).find(|(known, _)| *known == pattern) {
                Some((_, schema)) => Some(schema),
                None if patterns(flat).next().is_some() => None,
                None => flat.get("additionalProperties"),
            };
        self.flats.iter().filter_map(of_flat).collect()
    }

    /// Returns what holds for fields that have no name in the schema.
    fn rest(&self) -> Vec<&'a Value> {
        self.flats.iter().filter_map(|flat| flat.get("additionalProperties")).collect()
    }
}

impl<'a> Inclusion<'a> {
    pub(super) fn object(
        &mut self,
        writer: &Alternative<'a>,
        reader: &'a Map<String, Value>,
        depth: usize,
    ) -> Vec<Finding> {
        let fields = Fields::new(writer);
        // Nothing is written if a required field has no value.
        if fields.required.iter().any(|name| self.is_never(&fields.schemas(name))) {
            return Vec::new();
        }
        let mut findings = self.required_fields(&fields, reader);
        for name in &fields.declared {
            let schemas = fields.schemas(name);
            if !self.is_never(&schemas) {
                findings.extend(self.declared_field(name, &schemas, reader, depth));
            }
        }
        Finding::merge(&mut findings, self.fields_by_pattern(&fields, reader, depth));
        let rest = fields.rest();
        let is_open = !self.is_never(&rest);
        if is_open {
            Finding::merge(&mut findings, self.undeclared_fields(&fields, &rest, reader, depth));
        }
        findings.extend(self.names(writer, &fields, is_open, reader, depth));
        findings.extend(count(writer, &fields, is_open, reader));
        findings
    }

    fn is_never(&self, schemas: &[&'a Value]) -> bool {
        !is_plain(schemas) && self.expand(self.writer, schemas).is_some_and(|found| found.is_empty())
    }

    fn required_fields(&self, fields: &Fields<'_, 'a>, reader: &'a Map<String, Value>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for name in required(reader) {
            let schema = property(reader, name);
            let has_default = schema.is_some_and(|schema| schema.get("default").is_some());
            if fields.required.contains(name) || self.settings.defaults && has_default {
                continue;
            }
            let known = fields.declared.contains(name);
            let text = if known {
                format!("{}, may be left out", describe::schema(self.writer, &fields.schemas(name)))
            } else {
                "no such field".to_owned()
            };
            let accepted = schema
                .map_or_else(|| "any value".to_owned(), |schema| describe::schema(self.reader, &[schema]));
            let finding = Finding::new(Kind::Required { known }, text, format!("{accepted}, required"));
            findings.push(finding.within(Step::Field(name.to_owned())));
        }
        findings
    }

    fn declared_field(
        &mut self,
        name: &str,
        schemas: &[&'a Value],
        reader: &'a Map<String, Value>,
        depth: usize,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        let declared = property(reader, name);
        let step = Step::Field(name.to_owned());
        if let Some(schema) = declared {
            Finding::merge(&mut findings, self.within(&step, schemas, schema, depth));
        }
        let mut is_covered = declared.is_some();
        for (pattern, schema) in patterns(reader) {
            let matches = pattern::matches(pattern, name);
            is_covered |= matches == Some(true);
            if matches != Some(false) {
                Finding::merge(&mut findings, self.within(&step, schemas, schema, depth));
            }
        }
        match reader.get("additionalProperties") {
            Some(_) if is_covered => {}
            Some(Value::Bool(false)) => {
                let text = describe::schema(self.writer, schemas);
                findings.push(
                    Finding::new(Kind::Undeclared, text, "no such field, and no unknown ones").within(step),
                );
            }
            Some(schema) => Finding::merge(&mut findings, self.within(&step, schemas, schema, depth)),
            None => {}
        }
        findings
    }

    /// Fields of a map whose keys follow a pattern, such as integers.
    fn fields_by_pattern(
        &mut self,
        fields: &Fields<'_, 'a>,
        reader: &'a Map<String, Value>,
        depth: usize,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        let written: BTreeSet<&str> = fields
            .flats
            .iter()
            .flat_map(|flat| patterns(flat))
            .map(|(pattern, _)| pattern.as_str())
            .collect();
        for pattern in written {
            let schemas = fields.matching(pattern);
            if self.is_never(&schemas) {
                continue;
            }
            for (name, schema) in properties(reader) {
                if !fields.declared.contains(name.as_str()) && pattern::matches(pattern, name) != Some(false)
                {
                    Finding::merge(&mut findings, self.untyped_field(name, &schemas, schema, depth));
                }
            }
            let mut is_covered = false;
            for (accepted, schema) in patterns(reader) {
                is_covered |= pattern::includes(accepted, pattern);
                Finding::merge(&mut findings, self.within(&Step::AnyField, &schemas, schema, depth));
            }
            if !is_covered {
                Finding::merge(&mut findings, self.unknown_field(&schemas, reader, depth));
            }
        }
        findings
    }

    /// Fields that have no name in the writer's schema, which is open.
    fn undeclared_fields(
        &mut self,
        fields: &Fields<'_, 'a>,
        rest: &[&'a Value],
        reader: &'a Map<String, Value>,
        depth: usize,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (name, schema) in properties(reader) {
            if !fields.declared.contains(name.as_str()) {
                Finding::merge(&mut findings, self.untyped_field(name, rest, schema, depth));
            }
        }
        for (_, schema) in patterns(reader) {
            Finding::merge(&mut findings, self.within(&Step::AnyField, rest, schema, depth));
        }
        Finding::merge(&mut findings, self.unknown_field(rest, reader, depth));
        findings
    }

    /// A field that the reader types and an open writer may write anything into.
    fn untyped_field(
        &mut self,
        name: &str,
        schemas: &[&'a Value],
        reader: &'a Value,
        depth: usize,
    ) -> Option<Finding> {
        if self.schemas(schemas, reader, depth + 1).is_empty() {
            return None;
        }
        let text = format!("no such field, but unknown ones: {}", describe::schema(self.writer, schemas));
        let finding = Finding::new(Kind::Untyped, text, describe::schema(self.reader, &[reader]));
        Some(finding.within(Step::Field(name.to_owned())))
    }

    /// A field that has no name in the reader's schema either.
    fn unknown_field(
        &mut self,
        schemas: &[&'a Value],
        reader: &'a Map<String, Value>,
        depth: usize,
    ) -> Vec<Finding> {
        match reader.get("additionalProperties") {
            Some(Value::Bool(false)) => {
                vec![Finding::new(Kind::Open, "unknown fields", "no unknown fields")]
            }
            Some(schema) => self.within(&Step::AnyField, schemas, schema, depth),
            None => Vec::new(),
        }
    }

    fn names(
        &mut self,
        writer: &Alternative<'a>,
        fields: &Fields<'_, 'a>,
        is_open: bool,
        reader: &'a Map<String, Value>,
        depth: usize,
    ) -> Vec<Finding> {
        let Some(accepted) = reader.get("propertyNames") else { return Vec::new() };
        let mut findings = Vec::new();
        for name in &fields.declared {
            let text = Value::String((*name).to_owned());
            if value::accepts(self.reader, accepted, &text, self.settings.formats) != Some(true) {
                let finding = Finding::new(Kind::Undeclared, "a field", "names of fields that exclude it");
                findings.push(finding.within(Step::Field((*name).to_owned())));
            }
        }
        if is_open {
            let mut names: Vec<&Value> = writer.keyword("propertyNames").collect();
            names.push(&STRING);
            Finding::merge(&mut findings, self.within(&Step::AnyField, &names, accepted, depth));
        }
        findings
    }
}

/// A quick look: with nothing but a type, there are values.
fn is_plain(schemas: &[&Value]) -> bool {
    let restricts = ["$ref", "allOf", "anyOf", "oneOf", "not", "const", "enum"];
    match schemas {
        [] => true,
        [Value::Object(only)] => {
            only.get("type").is_some_and(Value::is_string)
                && !restricts.iter().any(|key| only.contains_key(*key))
        }
        _ => false,
    }
}

/// How many fields there are.
fn count(
    writer: &Alternative<'_>,
    fields: &Fields<'_, '_>,
    is_open: bool,
    reader: &Map<String, Value>,
) -> Option<Finding> {
    let least = writer.flats.iter().filter_map(|flat| limit(flat, "minProperties")).max().unwrap_or(0);
    let least = least.max(fields.required.len() as u64);
    let is_closed = !is_open && fields.flats.iter().all(|flat| patterns(flat).next().is_none());
    let declared = is_closed.then_some(fields.declared.len() as u64);
    let most = writer.flats.iter().filter_map(|flat| limit(flat, "maxProperties")).chain(declared).min();
    let text = |kind: (String, String)| Some(Finding::new(Kind::Limit, kind.0, kind.1));
    if let Some(accepted) = limit(reader, "minProperties").filter(|accepted| least < *accepted) {
        return text((describe::at_least(least, "fields"), describe::at_least(accepted, "fields")));
    }
    let accepted =
        limit(reader, "maxProperties").filter(|accepted| most.is_none_or(|most| most > *accepted))?;
    text((describe::at_most(most, "fields"), describe::at_most(Some(accepted), "fields")))
}

/// Returns the fields that an object of keywords declares.
fn properties(flat: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    declared(flat).into_iter().flatten()
}

fn property<'a>(flat: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    declared(flat)?.get(name)
}

fn declared(flat: &Map<String, Value>) -> Option<&Map<String, Value>> {
    flat.get("properties")?.as_object()
}

/// Returns what is sure to hold for a field: not what depends on a pattern that is not evaluated.
fn field_schemas<'a>(flat: &'a Map<String, Value>, name: &str) -> Vec<&'a Value> {
    let mut found: Vec<&Value> = property(flat, name).into_iter().collect();
    let mut may_match = !found.is_empty();
    for (pattern, schema) in patterns(flat) {
        let matches = pattern::matches(pattern, name);
        may_match |= matches != Some(false);
        if matches == Some(true) {
            found.push(schema);
        }
    }
    if !may_match {
        found.extend(flat.get("additionalProperties"));
    }
    found
}
