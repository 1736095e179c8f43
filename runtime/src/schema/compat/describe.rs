//! Schemas in a few words.

use serde_json::Value;

use super::alternative::{Alternative, alternatives};
use super::document::Document;
use super::types::Types;

/// Texts are cut after this many characters.
const LONGEST: usize = 100;

/// How deep the items of arrays are described.
const DEPTH: usize = 3;

/// Describes what a schema accepts, such as `string (uuid) or null`.
pub(super) fn schema(document: Document<'_>, schemas: &[&Value]) -> String {
    cut(nested(document, schemas, 0))
}

/// Describes one way to satisfy a schema.
pub(super) fn alternative(document: Document<'_>, alternative: &Alternative<'_>) -> String {
    cut(one(document, alternative, 0))
}

/// Writes a value, such as `"red"`.
pub(super) fn value(value: &Value) -> String {
    cut(value.to_string())
}

fn nested(document: Document<'_>, schemas: &[&Value], depth: usize) -> String {
    let Some(found) = alternatives(document, schemas) else { return "a complex schema".to_owned() };
    let mut values = Vec::new();
    let mut texts = Vec::new();
    for alternative in &found {
        match alternative.values() {
            // Units of an enum are often one `const` each.
            Some(more) if more.iter().all(|value| value.is_string()) => values.extend(more),
            _ => {
                let text = one(document, alternative, depth);
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
        }
    }
    if !values.is_empty() {
        texts.insert(0, listing(&values));
    }
    if texts.is_empty() { "nothing".to_owned() } else { texts.join(" or ") }
}

fn one(document: Document<'_>, alternative: &Alternative<'_>, depth: usize) -> String {
    if let Some(values) = alternative.values() {
        return listing(&values);
    }
    if alternative.types == Types::ALL {
        return "any value".to_owned();
    }
    let texts: Vec<String> = alternative
        .types
        .names()
        .into_iter()
        .map(|name| match name {
            "object" => object(alternative),
            "array" => array(document, alternative, depth),
            "string" | "integer" | "number" => scalar(name, alternative),
            name => name.to_owned(),
        })
        .collect();
    texts.join(" or ")
}

fn object(alternative: &Alternative<'_>) -> String {
    let tag = alternative
        .keyword("properties")
        .filter_map(Value::as_object)
        .flatten()
        .find_map(|(name, schema)| schema.get("const").map(|tag| format!("object with `{name}: {tag}`")));
    match (tag, alternative.name, only_field(alternative)) {
        (Some(tag), ..) => tag,
        (None, None, Some(field)) => format!("object with `{field}`"),
        (None, Some(name), _) => format!("object `{name}`"),
        (None, None, None) => "object".to_owned(),
    }
}

/// The only field of a variant, after which serde names it.
pub(super) fn only_field<'a>(alternative: &Alternative<'a>) -> Option<&'a str> {
    let mut fields = alternative.keyword("properties").filter_map(Value::as_object).flatten();
    let (name, _) = fields.next()?;
    let mut required = alternative.flats.iter().flat_map(|flat| super::value::required(flat));
    (fields.next().is_none() && required.next()? == name && required.next().is_none())
        .then_some(name.as_str())
}

fn array(document: Document<'_>, alternative: &Alternative<'_>, depth: usize) -> String {
    let items: Vec<&Value> = alternative.keyword("items").filter(|items| !items.is_array()).collect();
    if items.is_empty() || depth >= DEPTH {
        return "array".to_owned();
    }
    format!("array of {}", nested(document, &items, depth + 1))
}

fn scalar(name: &str, alternative: &Alternative<'_>) -> String {
    let text = |keyword| alternative.keyword(keyword).find_map(Value::as_str);
    match (text("format"), text("pattern")) {
        (Some(format), _) => format!("{name} ({format})"),
        (None, Some(pattern)) if name == "string" => format!("{name} matching `{pattern}`"),
        _ => name.to_owned(),
    }
}

fn listing(values: &[&Value]) -> String {
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    match texts.as_slice() {
        [only] => only.clone(),
        _ => format!("one of {}", texts.join(", ")),
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Describes a least count.
pub(super) fn at_least(count: u64, of: &str) -> String {
    format!("at least {count} {of}")
}

/// Describes a greatest count.
pub(super) fn at_most(count: Option<u64>, of: &str) -> String {
    count.map_or_else(|| format!("any number of {of}"), |count| format!("at most {count} {of}"))
}
