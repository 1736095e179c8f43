//! Whether a reader's schema accepts everything that a writer's allows.

use std::cell::Cell;
use std::collections::HashMap;

use serde_json::{Map, Value};

use super::alternative::{Alternative, alternatives, counted, schemas_of};
use super::document::{self, Document};
use super::finding::{ALSO, Finding, Kind, Step};
use super::same::same;
use super::types::Types;
use super::{Settings, describe, value};

/// Fields nest this deep at most.
const DEPTH: usize = 100;

/// The comparison gives up after looking at this many schemas.
const STEPS: usize = 200_000;

/// A comparison ends with this many findings.
const MOST: usize = 200;

/// One comparison of two documents.
///
/// A pair of schemas that is being compared is assumed to fit when it is met again, which is how recursive types end.
pub(super) struct Inclusion<'a> {
    pub(super) writer: Document<'a>,
    pub(super) reader: Document<'a>,
    pub(super) settings: Settings,
    known: HashMap<Pair, Known>,
    /// The pairs that fit, in the order in which they were found to.
    fitting: Vec<Pair>,
    steps: Cell<usize>,
}

/// The addresses of the writer's schemas, which hold together, and of the reader's.
type Pair = (Vec<usize>, usize);

enum Known {
    Assumed,
    Compared(Vec<Finding>),
}

impl<'a> Inclusion<'a> {
    pub(super) fn new(writer: &'a Value, reader: &'a Value, settings: Settings) -> Self {
        Self {
            writer: Document::new(writer),
            reader: Document::new(reader),
            settings,
            known: HashMap::new(),
            fitting: Vec::new(),
            steps: Cell::new(0),
        }
    }

    pub(super) fn findings(mut self) -> Vec<Finding> {
        let (writer, reader) = (self.writer, self.reader);
        if same((writer, writer.root()), (reader, reader.root())) {
            return Vec::new();
        }
        self.schemas(&[writer.root()], reader.root(), 0)
    }

    /// Compares whatever satisfies all of the writer's schemas with the reader's schema.
    pub(super) fn schemas(&mut self, writer: &[&'a Value], reader: &'a Value, depth: usize) -> Vec<Finding> {
        if accepts_everything(reader) || matches!(writer, [only] if *only == reader && is_leaf(reader)) {
            return Vec::new();
        }
        if depth > DEPTH {
            return vec![self.unproven(writer, "it nests too deep to be compared")];
        }
        let written = writer.iter().map(|schema| address(self.writer.target(schema))).collect();
        let pair = (written, address(self.reader.target(reader)));
        match self.known.get(&pair) {
            Some(Known::Assumed) => return Vec::new(),
            Some(Known::Compared(findings)) => {
                self.count(findings.len());
                return findings.clone();
            }
            None => {}
        }
        let fitting_before = self.fitting.len();
        self.known.insert(pair.clone(), Known::Assumed);
        let findings = match self.expand(self.writer, writer) {
            None => vec![self.unproven(writer, "it has too many variants to be compared")],
            Some(found) => self.alternatives(&found, reader, depth),
        };
        if findings.is_empty() {
            self.fitting.push(pair.clone());
        } else {
            // They fit if this pair does, which it does not.
            for pair in self.fitting.drain(fitting_before..) {
                self.known.remove(&pair);
            }
        }
        self.known.insert(pair, Known::Compared(findings.clone()));
        findings
    }

    fn count(&self, steps: usize) {
        self.steps.set(self.steps.get() + steps);
    }

    /// Returns the ways to satisfy the schemas.
    pub(super) fn expand(
        &self,
        document: Document<'a>,
        schemas: &[&'a Value],
    ) -> Option<Vec<Alternative<'a>>> {
        let (found, steps) = counted(document, schemas);
        self.count(steps);
        found
    }

    fn unproven(&self, writer: &[&'a Value], why: &str) -> Finding {
        Finding::new(Kind::Unproven, describe::schema(self.writer, writer), why)
    }

    fn alternatives(&mut self, writer: &[Alternative<'a>], reader: &'a Value, depth: usize) -> Vec<Finding> {
        self.count(1);
        let Some(first) = writer.first() else { return Vec::new() };
        let refuse =
            |kind, text: &str| vec![Finding::new(kind, describe::alternative(self.writer, first), text)];
        let keywords = match reader {
            _ if self.steps.get() > STEPS => {
                return refuse(Kind::Unproven, "it takes too long to be compared");
            }
            _ if depth > DEPTH => return refuse(Kind::Unproven, "it nests too deep to be compared"),
            Value::Bool(true) => return Vec::new(),
            Value::Bool(false) => return refuse(Kind::Type, "nothing"),
            Value::Object(keywords) => keywords,
            _ => return refuse(Kind::Unproven, "it is no schema"),
        };
        if let Some(reference) = document::reference(keywords) {
            return match self.reader.resolve(reference) {
                Some(target) => self.alternatives(writer, target, depth + 1),
                None => refuse(Kind::Unproven, &format!("`{reference}` is not in the schema")),
            };
        }
        let (finite, open): (Vec<_>, Vec<_>) =
            writer.iter().cloned().partition(|alternative| alternative.values().is_some());
        let mut findings = self.values(&finite, reader);
        for alternative in &open {
            Finding::merge(&mut findings, self.keywords(alternative, reader, keywords, depth));
        }
        for part in schemas_of(keywords, "allOf") {
            Finding::merge(&mut findings, self.alternatives(&open, part, depth + 1));
        }
        for keyword in ["anyOf", "oneOf"] {
            if keywords.get(keyword).is_some_and(Value::is_array) {
                let branches = schemas_of(keywords, keyword);
                Finding::merge(&mut findings, self.branches(&open, reader, branches, depth));
            }
        }
        findings.truncate(MOST);
        findings
    }

    /// Values that are listed are tried one by one.
    fn values(&mut self, writer: &[Alternative<'a>], reader: &'a Value) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut described = None;
        for alternative in writer {
            let values = alternative.values().unwrap_or_default();
            for value in
                values.iter().filter(|value| super::alternative::is_possible(self.writer, alternative, value))
            {
                self.count(1);
                let accepted = value::accepts(self.reader, reader, value, self.settings.formats);
                if accepted == Some(true) {
                    continue;
                }
                let readers = described.get_or_insert_with(|| self.expand(self.reader, &[reader]));
                let kind = refusal(value, values.len(), accepted, readers.as_deref());
                let mut written = describe::value(value);
                if kind == Kind::Value {
                    written.insert_str(0, ALSO);
                }
                let text = describe::schema(self.reader, &[reader]);
                Finding::merge(&mut findings, [Finding::new(kind, written, text)]);
            }
        }
        findings
    }

    /// Compares with the keywords of one object, apart from those that combine schemas.
    fn keywords(
        &mut self,
        writer: &Alternative<'a>,
        reader: &'a Value,
        keywords: &'a Map<String, Value>,
        depth: usize,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        let accepted = Types::of_schema(keywords);
        let refused = writer.types.without(accepted);
        if !refused.is_empty() {
            let kind = if refused == Types::NULL { Kind::Null } else { Kind::Type };
            let text = describe::alternative(self.writer, writer);
            findings.push(Finding::new(kind, text, describe::schema(self.reader, &[reader])));
        }
        let writer = &writer.with_types(writer.types.and(accepted));
        // Another type says it all.
        if writer.types.is_empty() || findings.iter().any(|finding| finding.kind == Kind::Type) {
            return findings;
        }
        Finding::merge(&mut findings, self.listed(writer, keywords));
        if writer.types.has(Types::NUMBER) {
            findings.extend(self.number(writer, keywords));
        }
        if writer.types.has(Types::STRING) {
            findings.extend(self.string(writer, keywords));
        }
        if writer.types.has(Types::ARRAY) {
            findings.extend(self.array(writer, keywords, depth));
        }
        if writer.types.has(Types::OBJECT) {
            findings.extend(self.object(writer, keywords, depth));
        }
        findings.extend(self.undecidable(writer, keywords));
        findings.truncate(MOST);
        findings
    }

    /// `const` and `enum` of the reader, and a writer without them.
    fn listed(&self, writer: &Alternative<'a>, keywords: &'a Map<String, Value>) -> Vec<Finding> {
        if !["const", "enum"].iter().any(|keyword| keywords.contains_key(*keyword)) {
            return Vec::new();
        }
        let accepts = |value: Value| {
            value::accepts_object(self.reader, keywords, &value, self.settings.formats) == Some(true)
        };
        let refused: Vec<Types> = writer
            .types
            .each()
            .filter(|types| match *types {
                Types::NULL => !accepts(Value::Null),
                Types::BOOLEAN => !accepts(Value::Bool(true)) || !accepts(Value::Bool(false)),
                _ => true,
            })
            .collect();
        let kind = match refused.as_slice() {
            [] => return Vec::new(),
            [Types::NULL] => Kind::Null,
            _ => Kind::Value,
        };
        let text = describe::alternative(self.writer, writer);
        let listed = Alternative { flats: vec![keywords], types: Types::of_schema(keywords), name: None };
        vec![Finding::new(kind, text, describe::alternative(self.reader, &listed))]
    }

    /// Keywords that only accept what has the same keyword.
    fn undecidable(&self, writer: &Alternative<'a>, keywords: &'a Map<String, Value>) -> Option<Finding> {
        let has_same = |keyword: &str, reader: &'a Value| {
            writer.keyword(keyword).any(|writer| same((self.writer, writer), (self.reader, reader)))
        };
        let applies = |keyword: &str| match keyword {
            "contains" => writer.types.has(Types::ARRAY),
            "dependencies" => writer.types.has(Types::OBJECT),
            _ => true,
        };
        let keyword = ["not", "if", "contains", "dependencies"].into_iter().find(|keyword| {
            keywords.get(*keyword).is_some_and(|reader| match *keyword {
                _ if !applies(keyword) => false,
                "not" => !has_same(keyword, reader) && !self.is_disjoint(writer, reader),
                "if" => !["if", "then", "else"]
                    .iter()
                    .all(|part| keywords.get(*part).is_none_or(|reader| has_same(part, reader))),
                _ => !has_same(keyword, reader),
            })
        })?;
        let text = describe::alternative(self.writer, writer);
        Some(Finding::new(Kind::Unproven, text, format!("`{keyword}` cannot be compared")))
    }

    /// Each alternative of the writer has to fit one branch.
    ///
    /// `oneOf` is taken for `anyOf`: serde takes the first variant that fits, and does not mind if there is another.
    fn branches(
        &mut self,
        writer: &[Alternative<'a>],
        reader: &'a Value,
        branches: &'a [Value],
        depth: usize,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        for alternative in writer {
            for types in alternative.types.each() {
                let piece = alternative.with_types(types);
                Finding::merge(&mut findings, self.one_of_branches(&piece, reader, branches, depth));
            }
        }
        findings
    }

    fn one_of_branches(
        &mut self,
        writer: &Alternative<'a>,
        reader: &'a Value,
        branches: &'a [Value],
        depth: usize,
    ) -> Vec<Finding> {
        let mut closest: Option<Vec<Finding>> = None;
        for branch in branches {
            self.count(1);
            if self.steps.get() > STEPS {
                break;
            }
            if self.is_other_variant(writer, branch) {
                continue;
            }
            let findings = self.alternatives(std::slice::from_ref(writer), branch, depth + 1);
            if findings.is_empty() {
                return findings;
            }
            if closest.as_ref().is_none_or(|known| findings.len() < known.len()) {
                closest = Some(findings);
            }
        }
        closest.unwrap_or_else(|| {
            let variants = branches.iter().filter(|branch| !is_null(branch)).count();
            let kind = match variants {
                _ if writer.types == Types::NULL => Kind::Null,
                0 | 1 => Kind::Type,
                _ => Kind::Variant,
            };
            let text = describe::alternative(self.writer, writer);
            vec![Finding::new(kind, text, describe::schema(self.reader, &[reader]))]
        })
    }

    /// Returns whether a branch is about something else, so that its findings would mislead.
    fn is_other_variant(&self, writer: &Alternative<'a>, branch: &'a Value) -> bool {
        let Some(readers) = self.expand(self.reader, &[branch]) else { return false };
        readers.iter().all(|reader| {
            self.are_disjoint(writer, reader)
                || match (describe::only_field(writer), describe::only_field(reader)) {
                    (Some(writer), Some(reader)) => writer != reader,
                    _ => false,
                }
        })
    }

    fn is_disjoint(&self, writer: &Alternative<'a>, reader: &'a Value) -> bool {
        let Some(readers) = self.expand(self.reader, &[reader]) else { return false };
        readers.iter().all(|reader| self.are_disjoint(writer, reader))
    }

    /// Returns whether no value satisfies both, by their types or by the tags of their variants.
    fn are_disjoint(&self, writer: &Alternative<'a>, reader: &Alternative<'a>) -> bool {
        let types = writer.types.and(reader.types);
        if types.is_empty() {
            return true;
        }
        if let (Some(writers), Some(readers)) = (writer.values(), reader.values()) {
            return !writers.iter().any(|value| readers.contains(value));
        }
        types == Types::OBJECT
            && writer.flats.iter().flat_map(|flat| value::required(flat)).any(|name| {
                let writers = finite_field(self.writer, writer, name);
                let readers = finite_field(self.reader, reader, name);
                match (writers, readers) {
                    (Some(writers), Some(readers)) => !writers.iter().any(|value| readers.contains(value)),
                    _ => false,
                }
            })
    }

    /// Compares what is at a field or an item.
    pub(super) fn within(
        &mut self,
        step: &Step,
        writer: &[&'a Value],
        reader: &'a Value,
        depth: usize,
    ) -> Vec<Finding> {
        let findings = self.schemas(writer, reader, depth + 1);
        findings.into_iter().map(|finding| finding.within(step.clone())).collect()
    }
}

/// Returns the values that a field can have, if they are listed.
fn finite_field<'a>(document: Document<'a>, object: &Alternative<'a>, name: &str) -> Option<Vec<&'a Value>> {
    let schemas: Vec<&Value> =
        object.keyword("properties").filter_map(|properties| properties.get(name)).collect();
    if schemas.is_empty() {
        return None;
    }
    let found = alternatives(document, &schemas)?;
    let values: Option<Vec<Vec<&Value>>> = found.iter().map(Alternative::values).collect();
    Some(values?.concat())
}

/// Why a listed value is refused.
fn refusal(
    value: &Value,
    writers: usize,
    accepted: Option<bool>,
    readers: Option<&[Alternative<'_>]>,
) -> Kind {
    let Some(readers) = readers else { return Kind::Unproven };
    let types = Types::of_value(value);
    let of_type: Vec<_> = readers.iter().filter(|reader| reader.types.has(types)).collect();
    let listed: Option<usize> = of_type.iter().map(|reader| reader.values().map(|values| values.len())).sum();
    match (accepted, listed) {
        _ if value.is_null() && accepted == Some(false) => Kind::Null,
        (Some(false), _) if of_type.is_empty() => Kind::Type,
        (Some(false), Some(1)) if writers == 1 && readers.len() == 1 => Kind::Const,
        (Some(false), _) => Kind::Value,
        (None, _) if of_type.iter().any(|reader| reader.keyword("pattern").next().is_some()) => {
            Kind::Pattern { another: false }
        }
        (None, _) if of_type.iter().any(|reader| reader.keyword("format").next().is_some()) => Kind::Format,
        _ => Kind::Unproven,
    }
}

fn is_null(schema: &Value) -> bool {
    schema.as_object().is_some_and(|schema| Types::of_schema(schema) == Types::NULL)
}

fn accepts_everything(schema: &Value) -> bool {
    match schema {
        Value::Bool(accepts) => *accepts,
        Value::Object(keywords) => keywords.is_empty(),
        _ => false,
    }
}

/// Returns whether no other schema is within: what is the same says the same.
fn is_leaf(schema: &Value) -> bool {
    let is_simple = |value: &Value| match value {
        Value::Object(_) => false,
        Value::Array(items) => items.iter().all(|item| item.is_string() || item.is_null()),
        _ => true,
    };
    schema
        .as_object()
        .is_some_and(|keywords| !keywords.contains_key("$ref") && keywords.values().all(is_simple))
}

fn address(schema: &Value) -> usize {
    std::ptr::from_ref(schema).addr()
}
