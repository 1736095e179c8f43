//! Records of events that nobody published: examples.

use serde_json::{Map, Value, json};

use super::description::{EntityDescription, EventDescription, FieldDescription};
use super::document::ExampleRecord;
use super::sample::{self, Sampler};
use crate::event::Event;
use crate::record;

/// The record that an event becomes on a topic.
///
/// # Errors
///
/// Why the event cannot be published.
pub(crate) fn example_of<E: Event>(topic: &str, event: &E) -> Result<ExampleRecord, String> {
    let example = record::encoded(
        topic,
        event,
        |_| ((), None),
        |records| {
            let record = &records.record;
            let headers = record.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
            let value = record.value.map(serde_json::from_slice).transpose();
            value.map(|value| ExampleRecord { key: record.key.to_owned(), headers: headers.collect(), value })
        },
    );
    example.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}

/// The record of an event that is given as JSON.
pub(super) fn record<E: Event>(topic: &str, event: Value) -> Result<ExampleRecord, String> {
    let event: E = serde_json::from_value(event).map_err(|error| error.to_string())?;
    example_of(topic, &event)
}

/// The data that the examples of an entity show, made from the schemas of its fields.
pub(super) struct ExampleData {
    data: Map<String, Value>,
    before: Map<String, Value>,
    user_id: Option<String>,
}

impl ExampleData {
    /// From the reader's view of the entity's data.
    pub(super) fn new(entity: &EntityDescription, definitions: &Map<String, Value>) -> Result<Self, String> {
        let sampler = Sampler::new(definitions);
        let properties = definitions.get(entity.data).and_then(|data| data.get("properties"));
        let (mut data, mut user_id) = (Map::new(), None);
        for field in &entity.fields {
            let schema = properties.and_then(|all| all.get(field.json)).unwrap_or(&Value::Bool(true));
            let value = value(field, schema, &sampler)?;
            if field.is_user {
                user_id = text(&value);
            }
            data.insert(field.json.to_owned(), value);
        }
        let before = before(entity, &data);
        Ok(Self { data, before, user_id })
    }

    /// The event as its JSON; `number` tells the events of an entity apart.
    pub(super) fn event(&self, entity: &EntityDescription, event: &EventDescription, number: usize) -> Value {
        let mut metadata = json!({
            "source_service": entity.source,
            "correlation_id": sample::uuid("correlation_id"),
        });
        if let (Some(user_id), Some(metadata)) = (&self.user_id, metadata.as_object_mut()) {
            metadata.insert("user_id".to_owned(), user_id.as_str().into());
        }
        json!({
            "event_id": format!("019bc0de-6f00-7000-8000-{number:012}"),
            "event_type": event.name,
            "timestamp": sample::TIME,
            "version": entity.version,
            "data": self.data,
            "old_data": event.is_update.then_some(&self.before),
            "metadata": metadata,
        })
    }
}

/// The first sample that the field accepts.
fn value<'a>(field: &FieldDescription, schema: &'a Value, sampler: &Sampler<'a>) -> Result<Value, String> {
    let mut refusal = String::from("its schema accepts no value");
    for attempt in 0..sample::ATTEMPTS {
        let Some(value) = sampler.value(schema, field.json, attempt) else { continue };
        match (field.reads)(Some(&value.to_string())) {
            Ok(()) => return Ok(value),
            // The first says more than those of odd attempts.
            Err(error) if attempt == 0 => refusal = error,
            Err(_) => {}
        }
    }
    Err(format!(
        "no example of `{}: {}` was found ({refusal}); put `#[schemars(example = ..)]` on its type, or give a whole event",
        field.rust, field.ty
    ))
}

/// The data with another number in it, if there is one that is not part of the key.
fn before(entity: &EntityDescription, data: &Map<String, Value>) -> Map<String, Value> {
    let mut before = data.clone();
    let changed = entity.fields.iter().filter(|field| !field.is_key && !field.is_user).find_map(|field| {
        let number = data.get(field.json)?.as_i64().filter(|number| *number > 1)?;
        let less = Value::from(number - 1);
        (field.reads)(Some(&less.to_string())).ok()?;
        Some((field.json, less))
    });
    if let Some((name, less)) = changed {
        before.insert(name.to_owned(), less);
    }
    before
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
