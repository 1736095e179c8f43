mod bad_input;
mod files;
mod report;
mod scratch;
mod time;

use serde_json::{Map, Value, json};

use crate::event::DeletePolicy;
use crate::schema::document::{EntityDocument, EventDocument, FieldDocument};

/// A field of `Product`: its name, its type in Rust, its schema, and whether a reader needs it.
#[derive(Debug, Clone)]
struct Field {
    name: &'static str,
    ty: &'static str,
    schema: Value,
    required: bool,
}

fn field(name: &'static str, ty: &'static str, schema: Value) -> Field {
    let required = !ty.starts_with("Option");
    Field { name, ty, schema, required }
}

fn text(name: &'static str) -> Field {
    field(name, "String", json!({ "type": "string" }))
}

fn optional_text(name: &'static str) -> Field {
    field(name, "Option<String>", json!({ "type": ["string", "null"] }))
}

/// The events of an entity `Product`, as the derive describes them.
fn product(version: &'static str, fields: &[Field]) -> EntityDocument {
    let names = |all: bool| {
        fields.iter().filter(|field| all || field.required).map(|field| field.name).collect::<Vec<_>>()
    };
    let properties: Map<String, Value> =
        fields.iter().map(|field| (field.name.to_owned(), field.schema.clone())).collect();
    let data = json!({ "type": "object", "properties": properties });
    let event = |name: &'static str, is_update: bool| {
        let schema = |is_writer: bool| {
            let mut data = data.clone();
            data["required"] = json!(names(is_writer));
            let mut version_schema = json!({ "type": "string" });
            let mut properties = json!({
                "event_type": { "type": "string", "const": name },
                "data": { "$ref": "#/definitions/ProductEventData" },
            });
            if is_update {
                properties["old_data"] = json!({ "$ref": "#/definitions/ProductEventData" });
            }
            if is_writer {
                data["additionalProperties"] = false.into();
                version_schema["const"] = version.into();
            }
            properties["version"] = version_schema;
            json!({
                "$schema": "http://json-schema.org/draft-07/schema#",
                "title": name,
                "type": "object",
                "properties": properties,
                "required": ["event_type", "version", "data"],
                "definitions": { "ProductEventData": data },
            })
        };
        EventDocument {
            name,
            docs: String::new(),
            is_update,
            is_deletion: false,
            reader: schema(false),
            writer: schema(true),
            example: Err("none".to_owned()),
        }
    };
    EntityDocument {
        entity: "Product",
        module: "catalog::product",
        feature: "product",
        source: "catalog-service",
        version,
        type_prefix: "",
        delete: DeletePolicy::Event,
        topic: "int.product-update.event".to_owned(),
        docs: String::new(),
        key: vec!["id"],
        fields: fields
            .iter()
            .map(|field| FieldDocument {
                rust: field.name,
                json: field.name,
                ty: field.ty,
                docs: String::new(),
                header: None,
                is_key: field.name == "id",
                is_user: false,
                required: field.required,
                aliases: &[],
            })
            .collect(),
        events: vec![event("ProductCreated", false), event("ProductUpdated", true)],
    }
}
