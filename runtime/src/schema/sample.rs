//! Values that a schema accepts: plausible, and the same every time.

use serde_json::{Map, Number, Value, json};
use uuid::Uuid;

/// How many values there are to try for a type that does not take the first.
pub(super) const ATTEMPTS: usize = TEXTS.len() + 1;

/// A time within a second that every example shares.
pub(super) const TIME: &str = "2026-01-15T09:30:00.000000Z";

/// What a text may have to be; the first attempt goes by the name.
const TEXTS: [&str; 12] = [
    "12.50",
    "1",
    "A1",
    "EUR",
    "DE",
    "AB-123",
    "2026-01-15",
    "ada@example.com",
    "https://example.com/",
    "+49301234567",
    "a",
    "6f1c9a52-5a3b-5c0e-8b8e-3f2f5a7e1c11",
];

/// What a field of a name usually holds, by the end of the name.
const NAMED: [(&str, &str); 15] = [
    ("email", "ada@example.com"),
    ("phone", "+49301234567"),
    ("url", "https://example.com/"),
    ("currency", "EUR"),
    ("country", "DE"),
    ("language", "en"),
    ("city", "Berlin"),
    ("street", "Lindenstraße 7"),
    ("zip", "10969"),
    ("sku", "LAMP-7"),
    ("customer", "ada"),
    ("user", "ada"),
    ("category", "Kitchen"),
    ("description", "A lamp for the desk"),
    ("name", "Lamp"),
];

/// A UUID that belongs to a name.
pub(super) fn uuid(name: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
}

pub(super) struct Sampler<'a> {
    definitions: &'a Map<String, Value>,
}

/// What is the same for a value and those within it.
#[derive(Clone)]
struct Place<'a> {
    /// The name of the field.
    name: &'a str,
    attempt: usize,
    /// The definitions that are being sampled: one within itself has no end.
    within: Vec<&'a str>,
}

impl<'a> Sampler<'a> {
    pub(super) fn new(definitions: &'a Map<String, Value>) -> Self {
        Self { definitions }
    }

    /// A value for the field of that name; `None` if the schema has no finite one.
    pub(super) fn value(&self, schema: &'a Value, name: &'a str, attempt: usize) -> Option<Value> {
        self.of(schema, &Place { name, attempt, within: Vec::new() })
    }

    fn of(&self, schema: &'a Value, place: &Place<'a>) -> Option<Value> {
        let schema = match schema {
            Value::Bool(accepts) => return accepts.then(|| json!("anything")),
            other => other.as_object()?,
        };
        let listed =
            |keyword: &str| schema.get(keyword).and_then(Value::as_array).and_then(|all| all.first());
        if let Some(value) = listed("examples").or_else(|| schema.get("const")).or_else(|| listed("enum")) {
            return Some(value.clone());
        }
        if let Some(path) = schema.get("$ref").and_then(Value::as_str) {
            return self.referenced(path, place);
        }
        let parts = self.parts(schema, place)?;
        if let Some(last) = parts.into_iter().reduce(merged) {
            return Some(if is_object(schema) { merged(self.object(schema, place)?, last) } else { last });
        }
        match kind(schema) {
            Some("object") => self.object(schema, place),
            Some("array") => self.array(schema, place),
            Some("string") => Some(text(schema, place).into()),
            Some("integer") => Some(integer(schema, place).into()),
            Some("number") => Some(json!(12.5)),
            Some("boolean") => Some(true.into()),
            Some("null") => Some(Value::Null),
            _ if is_object(schema) => self.object(schema, place),
            _ => Some(json!("anything")),
        }
    }

    fn referenced(&self, path: &'a str, place: &Place<'a>) -> Option<Value> {
        let name = path.strip_prefix("#/definitions/")?;
        if place.within.contains(&name) {
            return None;
        }
        let mut place = place.clone();
        place.within.push(name);
        self.of(self.definitions.get(name)?, &place)
    }

    /// A value for each schema that applies to the same place: all of `allOf`, and one of `oneOf` and `anyOf`, preferably not
    /// `null`.
    fn parts(&self, schema: &'a Map<String, Value>, place: &Place<'a>) -> Option<Vec<Value>> {
        let mut parts = Vec::new();
        for keyword in ["allOf", "oneOf", "anyOf"] {
            let Some(Value::Array(all)) = schema.get(keyword) else { continue };
            let values = all.iter().map(|part| self.of(part, place));
            if keyword == "allOf" {
                parts.extend(values.collect::<Option<Vec<_>>>()?);
            } else {
                let values: Vec<_> = values.flatten().collect();
                let plain = values.iter().find(|value| !value.is_null()).or(values.first());
                parts.push(plain?.clone());
            }
        }
        Some(parts)
    }

    fn object(&self, schema: &'a Map<String, Value>, place: &Place<'a>) -> Option<Value> {
        let required = schema.get("required").and_then(Value::as_array);
        let mut object = Map::new();
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let is_former = property.get("deprecated").is_some_and(|deprecated| deprecated == true);
            let is_required =
                required.is_some_and(|all| all.iter().any(|required| required == name.as_str()));
            match self.of(property, &Place { name, ..place.clone() }) {
                _ if is_former && !is_required => {}
                Some(value) => drop(object.insert(name.clone(), value)),
                None if is_required => return None,
                None => {}
            }
        }
        if object.is_empty() {
            object.extend(self.entry(schema, place));
        }
        Some(object.into())
    }

    /// One entry of a map.
    fn entry(&self, schema: &'a Map<String, Value>, place: &Place<'a>) -> Option<(String, Value)> {
        let by_pattern = schema.get("patternProperties").and_then(Value::as_object);
        if let Some((pattern, values)) = by_pattern.and_then(|all| all.iter().next()) {
            let key = if pattern.contains(r"\d") { "1" } else { "key" };
            return Some((key.to_owned(), self.of(values, place)?));
        }
        let values = schema.get("additionalProperties").filter(|values| !values.is_boolean())?;
        Some(("key".to_owned(), self.of(values, place)?))
    }

    fn array(&self, schema: &'a Map<String, Value>, place: &Place<'a>) -> Option<Value> {
        let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        match schema.get("items") {
            Some(Value::Array(items)) => {
                items.iter().map(|item| self.of(item, place)).collect::<Option<Vec<_>>>().map(Value::from)
            }
            Some(items) => match self.of(items, place) {
                Some(item) => {
                    let count = usize::try_from(least.clamp(1, 1000)).unwrap_or(1);
                    Some(vec![item; count].into())
                }
                None => (least == 0).then(|| json!([])),
            },
            None => Some(json!([])),
        }
    }
}

fn is_object(schema: &Map<String, Value>) -> bool {
    ["properties", "additionalProperties", "required"].iter().any(|keyword| schema.contains_key(*keyword))
}

/// The type, and of several the first that is not `null`.
fn kind(schema: &Map<String, Value>) -> Option<&str> {
    match schema.get("type")? {
        Value::String(kind) => Some(kind),
        Value::Array(kinds) => {
            let mut kinds = kinds.iter().filter_map(Value::as_str);
            kinds.clone().find(|kind| *kind != "null").or_else(|| kinds.next())
        }
        _ => None,
    }
}

/// Objects that describe one together become one.
fn merged(one: Value, other: Value) -> Value {
    match (one, other) {
        (Value::Object(mut one), Value::Object(other)) => {
            one.extend(other);
            one.into()
        }
        (_, other) => other,
    }
}

fn text(schema: &Map<String, Value>, place: &Place<'_>) -> String {
    let limit =
        |keyword: &str| schema.get(keyword).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let text = match (schema.get("format").and_then(Value::as_str), place.attempt) {
        (Some("uuid"), _) => uuid(place.name),
        (Some("date-time"), _) => TIME.to_owned(),
        (Some("date"), _) => "2026-01-15".to_owned(),
        (Some("time" | "partial-time"), _) => "09:30:00".to_owned(),
        (Some("naive-date-time" | "partial-date-time"), _) => "2026-01-15T09:30:00".to_owned(),
        (Some("duration"), _) => "PT90S".to_owned(),
        (Some("email"), _) => "ada@example.com".to_owned(),
        (Some("uri" | "uri-reference" | "url"), _) => "https://example.com/".to_owned(),
        (Some("hostname"), _) => "example.com".to_owned(),
        (Some("ip" | "ipv4"), _) => "192.0.2.1".to_owned(),
        (Some("ipv6"), _) => "2001:db8::1".to_owned(),
        (_, 0) if schema.contains_key("pattern") => TEXTS[0].to_owned(),
        (_, 0) => named(place.name),
        (_, attempt) => TEXTS.get(attempt - 1).copied().unwrap_or_default().to_owned(),
    };
    let fitting: String = text.chars().take(limit("maxLength").unwrap_or(usize::MAX)).collect();
    let missing = limit("minLength").unwrap_or(0).min(10_000).saturating_sub(fitting.chars().count());
    fitting + &"x".repeat(missing)
}

/// `category_name` and `categoryName` are about a name; what is known of no name are its words.
fn named(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && words.ends_with(char::is_lowercase) {
            words.push(' ');
        }
        words.extend(if letter == '_' || letter == '-' { ' '.into() } else { letter.to_lowercase().next() });
    }
    let found =
        |(word, text): &(&str, &str)| words.split(' ').any(|part| part == *word).then(|| (*text).to_owned());
    NAMED.iter().find_map(found).unwrap_or(words)
}

fn integer(schema: &Map<String, Value>, place: &Place<'_>) -> Number {
    let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_i64);
    let least = limit("minimum").or_else(|| limit("exclusiveMinimum").map(|below| below.saturating_add(1)));
    let most = limit("maximum").or_else(|| limit("exclusiveMaximum").map(|above| above.saturating_sub(1)));
    let wanted = match place.attempt {
        0 if place.name.to_lowercase().ends_with("cents") => 1250,
        0 if place.name.to_lowercase().ends_with("year") => 2026,
        0 | 1 => 7,
        2 => 1,
        3 => 0,
        4 => 100,
        _ => 2026,
    };
    let step = limit("multipleOf").filter(|step| *step > 1).unwrap_or(1);
    let fitting = wanted.max(least.unwrap_or(i64::MIN)).min(most.unwrap_or(i64::MAX));
    (fitting - fitting % step).into()
}
