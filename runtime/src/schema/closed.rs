//! Closes what a writer cannot extend: a Rust struct has no other fields than those that it declares.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Keywords whose schemas apply to the same value as the schema that has them.
const IN_PLACE: [&str; 7] = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"];

const REFERENCE: &str = "#/definitions/";

/// Closes each object with declared properties, unless it is a map as well, or another schema has a say in the same object, as
/// with `#[serde(flatten)]` of an enum: there, each would refuse the properties of the other.
pub(super) fn close(definitions: &mut Map<String, Value>) {
    let mut shared = BTreeSet::new();
    loop {
        let before = shared.len();
        for (name, schema) in definitions.iter() {
            find_shared(schema, shared.contains(name.as_str()), &mut shared);
        }
        if shared.len() == before {
            break;
        }
    }
    for (name, schema) in definitions.iter_mut() {
        close_schema(schema, shared.contains(name.as_str()));
    }
}

/// Collects the definitions that describe an object together with other schemas.
fn find_shared(schema: &Value, is_shared: bool, shared: &mut BTreeSet<String>) {
    let Some(object) = schema.as_object() else { return };
    let is_shared_below = is_shared || !is_alone(object);
    if let Some(name) =
        object.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix(REFERENCE))
        && is_shared_below
    {
        shared.insert(name.to_owned());
    }
    for (keyword, below) in object {
        let in_place = IN_PLACE.contains(&keyword.as_str());
        for schema in subschemas(keyword, below) {
            find_shared(schema, in_place && is_shared_below, shared);
        }
    }
}

fn close_schema(schema: &mut Value, is_shared: bool) {
    let Some(object) = schema.as_object_mut() else { return };
    let is_shared_below = is_shared || !is_alone(object);
    let is_map = ["additionalProperties", "patternProperties"].iter().any(|map| object.contains_key(*map));
    let is_split = IN_PLACE.iter().any(|keyword| object.contains_key(*keyword));
    if object.contains_key("properties") && !is_shared && !is_map && !is_split {
        object.insert("additionalProperties".to_owned(), false.into());
    }
    for (keyword, below) in object.iter_mut() {
        let in_place = IN_PLACE.contains(&keyword.as_str());
        for schema in subschemas_mut(keyword, below) {
            close_schema(schema, in_place && is_shared_below);
        }
    }
}

/// Whether no two schemas below this one apply to the same value, nor this one beside one below.
fn is_alone(object: &Map<String, Value>) -> bool {
    let has = |keyword: &str| object.contains_key(keyword);
    let declares = has("properties") || has("patternProperties") || has("additionalProperties");
    let applied = |(keyword, below): (&String, &Value)| match (keyword.as_str(), below) {
        ("allOf", Value::Array(all)) => all.len(),
        ("$ref" | "anyOf" | "oneOf", _) => 1,
        ("not" | "if" | "then" | "else", _) => 2,
        _ => 0,
    };
    let applied: usize = object.iter().map(applied).sum();
    applied == 0 || (applied == 1 && !declares)
}

/// The schemas in the value of a keyword.
fn subschemas<'a>(keyword: &str, below: &'a Value) -> Vec<&'a Value> {
    match (keyword, below) {
        ("properties" | "patternProperties", Value::Object(all)) => all.values().collect(),
        ("allOf" | "anyOf" | "oneOf" | "items", Value::Array(all)) => all.iter().collect(),
        ("items" | "additionalItems" | "additionalProperties" | "contains" | "propertyNames", one)
        | ("not" | "if" | "then" | "else", one) => vec![one],
        _ => Vec::new(),
    }
}

fn subschemas_mut<'a>(keyword: &str, below: &'a mut Value) -> Vec<&'a mut Value> {
    match (keyword, below) {
        ("properties" | "patternProperties", Value::Object(all)) => all.values_mut().collect(),
        ("allOf" | "anyOf" | "oneOf" | "items", Value::Array(all)) => all.iter_mut().collect(),
        ("items" | "additionalItems" | "additionalProperties" | "contains" | "propertyNames", one)
        | ("not" | "if" | "then" | "else", one) => vec![one],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn closed(definitions: Value) -> Value {
        let Value::Object(mut definitions) = definitions else { panic!("an object") };
        close(&mut definitions);
        definitions.into()
    }

    fn is_closed(schema: &Value) -> bool {
        schema["additionalProperties"] == false
    }

    #[test]
    fn structs_are_closed_wherever_they_are() {
        let point = json!({ "type": "object", "properties": { "x": { "type": "integer" } } });
        let closed = closed(json!({
            "Line": { "properties": { "points": { "type": "array", "items": point }, "end": { "allOf": [{ "$ref": "#/definitions/Point" }] } } },
            "Point": point,
            "Shape": { "oneOf": [point, { "$ref": "#/definitions/Point" }] },
        }));
        for path in ["/Line", "/Line/properties/points/items", "/Point", "/Shape/oneOf/0"] {
            assert!(is_closed(closed.pointer(path).unwrap()), "{path}: {closed}");
        }
        assert!(!is_closed(&closed["Shape"]));
    }

    #[test]
    fn maps_and_arbitrary_objects_stay_open() {
        let open = json!({
            "Map": { "type": "object", "additionalProperties": { "type": "integer" } },
            "Flattened": { "type": "object", "properties": { "id": true }, "additionalProperties": true },
            "ByHand": { "type": "object" },
            "Anything": true,
        });
        assert_eq!(closed(open.clone()), open);
    }

    #[test]
    fn what_describes_an_object_together_stays_open() {
        let variant = json!({ "type": "object", "properties": { "kind": { "const": "a" } } });
        let closed = closed(json!({
            "Flattened": { "properties": { "id": true }, "oneOf": [variant] },
            "Tagged": { "oneOf": [{ "properties": { "kind": true }, "allOf": [{ "$ref": "#/definitions/Newtype" }] }] },
            "Newtype": { "allOf": [{ "$ref": "#/definitions/Inner" }] },
            "Inner": { "properties": { "x": { "properties": { "y": true } } } },
        }));
        for path in ["/Flattened", "/Flattened/oneOf/0", "/Tagged/oneOf/0", "/Newtype", "/Inner"] {
            assert!(!is_closed(closed.pointer(path).unwrap()), "{path}: {closed}");
        }
        assert!(is_closed(closed.pointer("/Inner/properties/x").unwrap()), "{closed}");
    }
}
