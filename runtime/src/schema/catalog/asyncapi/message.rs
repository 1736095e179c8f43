//! The messages of an entity's events.

use serde_json::Value;
use uuid::Uuid;

use super::super::super::document::{EntityDocument, EventDocument, ExampleRecord};
use super::super::schema::Schema;
use super::super::{example, words};
use super::components::Names;
use super::{Tree, kafka};
use crate::event::DeletePolicy;

/// The names of an entity's messages: its events, and the tombstone that follows a deletion.
pub(super) fn names(entity: &EntityDocument) -> Vec<String> {
    let events = entity.events.iter().map(|event| event.name.to_owned());
    let follows = entity.delete == DeletePolicy::EventThenTombstone;
    events.chain(follows.then(|| tombstone_name(entity))).collect()
}

fn tombstone_name(entity: &EntityDocument) -> String {
    format!("{}Tombstone", entity.entity)
}

/// The messages with their names.
pub(super) fn all(entity: &EntityDocument, names: &[Names]) -> Vec<(String, Tree)> {
    let mut messages = Vec::new();
    for (event, names) in entity.events.iter().zip(names) {
        let without_value = event.is_deletion && entity.delete == DeletePolicy::Tombstone;
        let payload = if without_value {
            tombstone_payload()
        } else {
            Tree::reference(&format!("components/schemas/{}", names.event))
        };
        let record = event.example.as_ref().ok();
        messages.push((
            event.name.to_owned(),
            message(entity, event, event.name, event.docs.clone(), payload, record),
        ));
    }
    if let Some(deleted) = entity
        .events
        .iter()
        .find(|event| event.is_deletion && entity.delete == DeletePolicy::EventThenTombstone)
    {
        let name = tombstone_name(entity);
        let docs = format!("Follows {} in a record of its own, without a value.", deleted.name);
        let record = deleted.example.as_ref().ok().map(tombstone_of);
        let message = message(entity, deleted, &name, docs, tombstone_payload(), record.as_ref());
        messages.push((name, message));
    }
    messages
}

fn message(
    entity: &EntityDocument,
    event: &EventDocument,
    name: &str,
    docs: String,
    payload: Tree,
    record: Option<&ExampleRecord>,
) -> Tree {
    let mut message = Tree::map([("name", name.into()), ("title", words::sentence(name).into())]);
    if !docs.is_empty() {
        message.insert("summary", docs);
    }
    message.insert("contentType", "application/json");
    message.insert("correlationId", Tree::map([("location", "$message.header#/ce_correlationid".into())]));
    message.insert("headers", headers(entity, event));
    message.insert("payload", payload);
    message.insert("bindings", kafka([("key", key(entity, event))]));
    if let Some(record) = record {
        message.insert("examples", Tree::List(vec![example(entity, event, name, record)]));
    }
    message.insert("x-eventcatalog-message-type", "event");
    message.insert("x-eventcatalog-message-version", entity.version);
    message
}

/// A null value: the record has no bytes there, which is not the JSON `null`.
fn tombstone_payload() -> Tree {
    Tree::map([
        ("type", "null".into()),
        ("description", "The record has no value at all: a tombstone.".into()),
    ])
}

/// The application's headers, as the record has them; the protocol's `content-type` is the message's.
fn headers(entity: &EntityDocument, event: &EventDocument) -> Tree {
    let text = || Tree::map([("type", "string".into())]);
    let format = |format: &str| Tree::map([("type", "string".into()), ("format", format.into())]);
    let described = |text: &str| Tree::map([("type", "string".into()), ("description", text.into())]);
    let constant = |value: String| Tree::map([("type", "string".into()), ("const", value.into())]);
    let mut properties = Tree::map([
        ("ce_specversion", constant("1.0".to_owned())),
        ("ce_id", format("uuid")),
        ("ce_source", {
            let mut source = format("uri-reference");
            source.insert("const", format!("/{}", entity.source));
            source
        }),
        ("ce_type", constant(words::cloud_type(entity, event))),
        ("ce_time", format("date-time")),
        ("ce_subject", text()),
        ("ce_correlationid", format("uuid")),
        ("ce_version", constant(entity.version.to_owned())),
        ("ce_causationid", format("uuid")),
        (
            "traceparent",
            described("The trace that the event belongs to, if there is one: W3C Trace Context."),
        ),
        ("tracestate", described("What tracers have added to it.")),
    ]);
    for field in &entity.fields {
        if let Some(name) = field.header {
            let mut header = text();
            header.insert(
                "description",
                words::line(&field.docs).unwrap_or(format!("`data.{}` as text.", field.json)),
            );
            properties.insert(name, header);
        }
    }
    Tree::map([
        ("type", "object".into()),
        ("required", Tree::texts(["ce_specversion", "ce_id", "ce_source", "ce_type"])),
        ("properties", properties),
    ])
}

/// The key is text; a single field's format is known.
fn key(entity: &EntityDocument, event: &EventDocument) -> Tree {
    let mut key = Tree::map([("type", "string".into())]);
    if let [field] = entity.key.as_slice() {
        let schema = Schema::new(&event.reader, entity);
        let property = schema.data().and_then(|(_, data)| data.get("properties")?.get(field));
        let property = property.map(|property| schema.resolve(property));
        if let Some(property) =
            property.filter(|property| property.get("type").is_some_and(|name| name == "string"))
            && let Some(format) = property.get("format").and_then(Value::as_str)
        {
            key.insert("format", format);
        }
    }
    key.insert("description", words::key(entity));
    key
}

fn example(entity: &EntityDocument, event: &EventDocument, name: &str, record: &ExampleRecord) -> Tree {
    let headers = record.headers.iter().filter(|(name, _)| name != "content-type");
    let headers = headers.map(|(name, value)| (name.clone(), value.as_str().into()));
    let schema = Schema::new(&event.reader, entity);
    let payload = match &record.value {
        Some(value) => example::ordered(value, &event.reader, schema),
        None => Tree::Scalar(Value::Null),
    };
    Tree::map([
        ("name", name.into()),
        ("summary", format!("A record with the key {}.", record.key).into()),
        ("headers", Tree::Map(headers.collect())),
        ("payload", payload),
    ])
}

/// The record that follows a deletion, whose id is derived from the deletion's.
fn tombstone_of(deleted: &ExampleRecord) -> ExampleRecord {
    let mut record = ExampleRecord { value: None, ..deleted.clone() };
    for (name, value) in &mut record.headers {
        if name == "ce_id"
            && let Ok(id) = Uuid::parse_str(value)
        {
            *value = Uuid::new_v5(&id, b"tombstone").to_string();
        }
    }
    record
}
