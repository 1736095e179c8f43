//! The schema of a type, as schemars writes it.

use serde_json::{Map, Value, json};

use crate::types::{Field, Form, Type, Variant};

/// Whose schema it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What is written: closed, and all that is always written is required.
    Writer,
    /// What is read: open, and what is needed is required.
    Reader,
}

/// Returns the schema of a type; structs and enums are definitions.
#[must_use]
pub fn schema(ty: &Type, view: View) -> Value {
    let mut emitter = Emitter { view, definitions: Map::new() };
    let mut root = emitter.schema(ty);
    if let (Value::Object(root), false) = (&mut root, emitter.definitions.is_empty()) {
        root.insert("definitions".to_owned(), emitter.definitions.into());
    }
    root
}

struct Emitter {
    view: View,
    definitions: Map<String, Value>,
}

impl Emitter {
    fn schema(&mut self, ty: &Type) -> Value {
        match ty {
            Type::Bool => json!({ "type": "boolean" }),
            Type::Integer => json!({ "type": "integer" }),
            Type::Unsigned => json!({ "type": "integer", "minimum": 0 }),
            Type::Byte => json!({ "type": "integer", "minimum": 0, "maximum": 255 }),
            Type::Float => json!({ "type": "number" }),
            Type::Text => json!({ "type": "string" }),
            Type::Char => json!({ "type": "string", "minLength": 1, "maxLength": 1 }),
            Type::Pattern(pattern) => json!({ "type": "string", "pattern": pattern }),
            Type::Limited(most) => json!({ "type": "string", "maxLength": most }),
            Type::Anything => json!({}),
            Type::Optional(inner) => nullable(self.schema(inner)),
            Type::List(inner) => json!({ "type": "array", "items": self.schema(inner) }),
            Type::Set(inner) => json!({ "type": "array", "items": self.schema(inner), "uniqueItems": true }),
            Type::Tuple(items) => {
                let items: Vec<Value> = items.iter().map(|item| self.schema(item)).collect();
                let length = items.len();
                json!({ "type": "array", "items": items, "minItems": length, "maxItems": length })
            }
            Type::Map(inner) => json!({ "type": "object", "additionalProperties": self.schema(inner) }),
            Type::IntegerMap(inner) => json!({
                "type": "object",
                "additionalProperties": false,
                "patternProperties": { r"^\d+$": self.schema(inner) },
            }),
            Type::Units(units) => json!({ "type": "string", "enum": units }),
            Type::Struct(fields) => {
                let object = self.object(fields);
                self.define(object)
            }
            Type::Enum(form, variants) => {
                let branches: Vec<Value> =
                    variants.iter().map(|variant| self.variant(*form, variant)).collect();
                let keyword = if *form == Form::Untagged { "anyOf" } else { "oneOf" };
                self.define(json!({ keyword: branches }))
            }
        }
    }

    fn define(&mut self, schema: Value) -> Value {
        let name = format!("T{}", self.definitions.len());
        self.definitions.insert(name.clone(), schema);
        json!({ "$ref": format!("#/definitions/{name}") })
    }

    fn object(&mut self, fields: &[Field]) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for field in fields {
            properties.insert(field.name.to_owned(), self.schema(&field.ty));
            let is_required = match self.view {
                View::Writer => !field.is_skipped,
                View::Reader => !field.has_default && !matches!(field.ty, Type::Optional(_)),
            };
            if is_required {
                required.push(field.name);
            }
        }
        self.closed(json!({ "type": "object", "properties": properties, "required": required }))
    }

    fn closed(&self, mut object: Value) -> Value {
        if self.view == View::Writer {
            object["additionalProperties"] = false.into();
        }
        object
    }

    fn variant(&mut self, form: Form, variant: &Variant) -> Value {
        let mut object = self.object(&variant.fields);
        let tag = json!({ "type": "string", "const": variant.name });
        match form {
            Form::Untagged => object,
            Form::External => self.closed(json!({
                "type": "object",
                "properties": { variant.name: object },
                "required": [variant.name],
            })),
            Form::Adjacent => self.closed(json!({
                "type": "object",
                "properties": { "t": tag, "c": object },
                "required": ["t", "c"],
            })),
            Form::Internal => {
                object["properties"]["type"] = tag;
                if let Some(required) = object["required"].as_array_mut() {
                    required.push("type".into());
                }
                object
            }
        }
    }
}

/// As schemars makes `Option<T>`.
fn nullable(mut schema: Value) -> Value {
    match schema.get("type").cloned() {
        _ if schema == json!({}) => schema,
        Some(Value::Array(_)) => schema,
        Some(name) if schema.get("enum").is_none() => {
            schema["type"] = json!([name, "null"]);
            schema
        }
        _ if schema.get("anyOf").is_some() => schema,
        _ => json!({ "anyOf": [schema, { "type": "null" }] }),
    }
}
