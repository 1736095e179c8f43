//! Examples in the order of the wire.

use serde_json::Value;

use super::asyncapi::Tree;
use super::schema::Schema;

/// `value`, an instance of `object`, with its keys in the schema's order; keys that the schema does not know come last, by name.
pub(super) fn ordered(value: &Value, object: &Value, schema: Schema<'_>) -> Tree {
    order(value, Some(object), schema)
}

fn order(value: &Value, described: Option<&Value>, schema: Schema<'_>) -> Tree {
    match value {
        Value::Object(entries) => {
            let objects = described.map(|described| branches(described, schema)).unwrap_or_default();
            let properties: Vec<_> = objects.iter().flat_map(|object| schema.properties(object)).collect();
            let mut keys: Vec<_> = entries.iter().collect();
            let rank =
                |key: &str| properties.iter().position(|property| property.name == key).unwrap_or(usize::MAX);
            keys.sort_by(|a, b| (rank(a.0), a.0).cmp(&(rank(b.0), b.0)));
            let rest = objects.iter().find_map(|object| object.get("additionalProperties"));
            let entry = |(key, value): (&String, &Value)| {
                let described =
                    properties.iter().find(|property| property.name == key).map(|property| property.schema);
                (key.clone(), order(value, described.or(rest), schema))
            };
            Tree::Map(keys.into_iter().map(entry).collect())
        }
        Value::Array(items) => {
            let objects = described.map(|described| branches(described, schema)).unwrap_or_default();
            let each = objects.iter().find_map(|object| object.get("items"));
            Tree::List(items.iter().map(|item| order(item, each, schema)).collect())
        }
        scalar => Tree::Scalar(scalar.clone()),
    }
}

/// The schemas that a value may be an instance of: references followed, alternatives listed.
fn branches<'a>(described: &'a Value, schema: Schema<'a>) -> Vec<&'a Value> {
    let described = schema.resolve(described);
    let alternatives =
        ["allOf", "anyOf", "oneOf"].iter().filter_map(|key| described.get(key)?.as_array()).flatten();
    let mut found = vec![described];
    found.extend(alternatives.map(|alternative| schema.resolve(alternative)));
    found
}
