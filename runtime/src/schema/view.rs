//! The JSON Schema of an event, as its writer and as its reader sees it.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::closed;
use super::description::{EntityDescription, EventDescription, FieldDescription};
use super::error::SchemaError;
use crate::event::EventMetadata;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// What the code accepts.
    Reader,
    /// What the code writes.
    Writer,
}

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// The schemas that all events of the entity share: that of the data, and those of the types within it.
pub(super) fn definitions(view: View, entity: &EntityDescription) -> Result<Map<String, Value>, SchemaError> {
    let settings = SchemaSettings::draft07();
    let settings = match view {
        View::Reader => settings.for_deserialize(),
        View::Writer => settings.for_serialize(),
    };
    let mut generator = settings.into_generator();
    // First, so that no other type takes its name.
    generator.subschema_for::<EventMetadata>();
    let mut data = data(view, entity, &mut generator);
    for transform in generator.transforms_mut() {
        transform.transform(&mut data);
    }
    let mut definitions = generator.take_definitions(true);
    if definitions.insert(entity.data.to_owned(), data.to_value()).is_some() {
        return Err(SchemaError::TakenName { entity: entity.path(), name: entity.data.to_owned() });
    }
    for schema in definitions.values_mut() {
        if let Ok(schema) = <&mut Schema>::try_from(schema) {
            RecursiveTransform(note_numbers).transform(schema);
            RecursiveTransform(widen_decimals).transform(schema);
        }
    }
    if view == View::Writer {
        closed::close(&mut definitions);
    }
    Ok(definitions)
}

/// Our own keyword of a property that is a former name: the name of today.
pub(super) const FORMER_NAME_OF: &str = "x-former-name-of";

fn data(view: View, entity: &EntityDescription, generator: &mut SchemaGenerator) -> Schema {
    let (mut properties, mut required, mut either) = (Map::new(), Vec::new(), Vec::new());
    for field in &entity.fields {
        let own = described((field.schema)(generator), &field.docs);
        // Everything is written, always.
        let is_required = view == View::Writer || field.is_required();
        if view == View::Reader {
            let former = format!("The former name of `{}`, which is still read.", field.json);
            for alias in field.aliases {
                let mut alternative = described(own.clone(), &former);
                alternative.insert("deprecated".to_owned(), true.into());
                alternative.insert(FORMER_NAME_OF.to_owned(), field.json.into());
                properties.insert((*alias).to_owned(), alternative.to_value());
            }
        }
        if is_required && view == View::Reader && !field.aliases.is_empty() {
            either.push(any_name(field));
        } else if is_required {
            required.push(field.json);
        }
        properties.insert(field.json.to_owned(), own.to_value());
    }
    let mut data = Map::new();
    data.insert("type".to_owned(), "object".into());
    data.insert("properties".to_owned(), properties.into());
    data.insert("required".to_owned(), required.into());
    if !either.is_empty() {
        data.insert("allOf".to_owned(), either.into());
    }
    described(data.into(), &entity.docs)
}

/// A reader needs the field under one of its names.
fn any_name(field: &FieldDescription) -> Value {
    let names = std::iter::once(&field.json).chain(field.aliases);
    let names: Vec<_> = names.map(|name| json!({ "required": [name] })).collect();
    json!({ "anyOf": names })
}

/// The whole schema of an event type.
pub(super) fn event(
    view: View,
    entity: &EntityDescription,
    event: &EventDescription,
    definitions: &Map<String, Value>,
) -> Value {
    let data = format!("#/definitions/{}", entity.data);
    let version = match view {
        View::Reader => json!({ "type": "string" }),
        View::Writer => {
            json!({ "type": "string", "const": entity.version, "title": format!("{}Version", event.name) })
        }
    };
    let mut properties = json!({
        "event_id": { "type": "string", "format": "uuid", "description": "The unique id of the event, a UUIDv7." },
        "event_type": { "type": "string", "const": event.name, "title": format!("{}EventType", event.name) },
        "timestamp": { "type": "string", "format": "date-time", "description": "When it happened." },
        "version": version,
        "data": { "$ref": &data },
        "metadata": { "$ref": "#/definitions/EventMetadata" },
    });
    if let (true, Some(properties)) = (event.is_update, properties.as_object_mut()) {
        let before = json!({ "anyOf": [{ "$ref": &data }, { "type": "null" }], "description": "The state before the change." });
        properties.insert(
            "old_data".to_owned(),
            if view == View::Reader { before } else { json!({ "$ref": &data }) },
        );
    }
    let mut schema = json!({
        "$schema": DRAFT,
        "title": event.name,
        "description": event.docs,
        "type": "object",
        "properties": properties,
        "required": ["event_id", "event_type", "timestamp", "version", "data", "metadata"],
        "definitions": definitions,
    });
    if let (View::Writer, Some(schema)) = (view, schema.as_object_mut()) {
        schema.insert("additionalProperties".to_owned(), false.into());
    }
    schema
}

/// With a description, in place of that of the type.
fn described(mut schema: Schema, docs: &str) -> Schema {
    if !docs.is_empty() {
        schema.insert("description".to_owned(), docs.into());
    }
    schema
}

/// Says of numbers what a reader in another language has to know.
fn note_numbers(schema: &mut Schema) {
    let note = match schema.get("format").and_then(Value::as_str) {
        Some("int64" | "uint64" | "int" | "uint" | "int128" | "uint128") => {
            "Beyond 2^53, JavaScript and others that read it as a floating-point number lose digits."
        }
        Some("float" | "double") => "NaN and infinity are written as `null`.",
        _ => return,
    };
    let docs = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let text = if docs.is_empty() { note.to_owned() } else { format!("{docs}\n\n{note}") };
    schema.insert("description".to_owned(), text.into());
}

/// schemars has two patterns for a decimal. What is written is always accepted, but no comparison of patterns finds that out.
fn widen_decimals(schema: &mut Schema) {
    if schema.get("pattern").and_then(Value::as_str) == Some(r"^-?\d+(\.\d+)?$") {
        schema.insert("pattern".to_owned(), r"^-?\d+(\.\d+)?([eE]\d+)?$".into());
    }
}
