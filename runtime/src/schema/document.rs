//! What the derive says of an entity's events, as JSON Schemas and texts.

use std::any::type_name;
use std::collections::BTreeMap;

use serde_json::Value;

use super::description::EntityDescription;
use super::error::SchemaError;
use super::example::ExampleData;
use super::view::{self, View};
use crate::__private::Describer;
use crate::event::DeletePolicy;
use crate::topics::Topics;

/// The events of one entity.
#[derive(Debug, Clone)]
pub(crate) struct EntityDocument {
    /// The Rust name of the entity, such as `Product`.
    pub(crate) entity: &'static str,
    /// The module that declares it.
    pub(crate) module: &'static str,
    pub(crate) feature: &'static str,
    pub(crate) source: &'static str,
    pub(crate) version: &'static str,
    pub(crate) type_prefix: &'static str,
    pub(crate) delete: DeletePolicy,
    /// The topic by default.
    pub(crate) topic: String,
    /// The entity's doc comment.
    pub(crate) docs: String,
    /// The JSON names of the partition key's fields, in order.
    pub(crate) key: Vec<&'static str>,
    /// The fields of `data`, in order.
    pub(crate) fields: Vec<FieldDocument>,
    /// The event types, in order.
    pub(crate) events: Vec<EventDocument>,
}

/// A field of `data`.
#[derive(Debug, Clone)]
pub(crate) struct FieldDocument {
    /// The name in Rust.
    pub(crate) rust: &'static str,
    /// The name on the wire.
    pub(crate) json: &'static str,
    /// The type as it is written in Rust.
    pub(crate) ty: &'static str,
    pub(crate) docs: String,
    /// The record header that the field is sent as, too.
    pub(crate) header: Option<&'static str>,
    pub(crate) is_key: bool,
    pub(crate) is_user: bool,
    /// A reader needs it: it is neither an `Option` nor has it a default.
    pub(crate) required: bool,
    /// Former names, which are still read.
    pub(crate) aliases: &'static [&'static str],
}

/// An event type.
#[derive(Debug, Clone)]
pub(crate) struct EventDocument {
    /// The `event_type`, such as `ProductCreated`, which is also the schema's title.
    pub(crate) name: &'static str,
    pub(crate) docs: String,
    /// It has `old_data`.
    pub(crate) is_update: bool,
    pub(crate) is_deletion: bool,
    /// What the type accepts, as draft-07: open, and requires what a reader needs.
    pub(crate) reader: Value,
    /// What the type writes, as draft-07: closed where nothing else can be written, and requires what is always written.
    pub(crate) writer: Value,
    /// A record that was made from an event of the type, or why there is none.
    pub(crate) example: Result<ExampleRecord, String>,
}

/// A record as Kafka has it.
#[derive(Debug, Clone)]
pub(crate) struct ExampleRecord {
    pub(crate) key: String,
    pub(crate) headers: Vec<(String, String)>,
    /// `None` is a tombstone.
    pub(crate) value: Option<Value>,
}

/// The events of every entity in `T`, in order.
pub(crate) fn documents<T: Topics>() -> Result<Vec<EntityDocument>, SchemaError> {
    let mut describer = Describer::default();
    T::describe(&mut describer);
    let Describer { entities, undescribed } = describer;
    if !undescribed.is_empty() {
        return Err(SchemaError::Undescribed {
            entities: undescribed.into_iter().map(str::to_owned).collect(),
        });
    }
    let topics = T::default();
    let topics: Vec<_> = topics.fields().into_iter().map(|(_, topic)| topic.to_owned()).collect();
    if entities.is_empty() || topics.len() != entities.len() {
        return Err(SchemaError::NoEntities { topics: type_name::<T>().to_owned() });
    }
    check_names(&entities)?;
    entities.iter().zip(topics).map(|(entity, topic)| document(entity, topic)).collect()
}

/// No two entities have an event of one name.
fn check_names(entities: &[EntityDescription]) -> Result<(), SchemaError> {
    let mut known = BTreeMap::new();
    for entity in entities {
        for event in &entity.events {
            if let Some(other) = known.insert(event.name, entity) {
                return Err(SchemaError::SameEvent {
                    event: event.name.to_owned(),
                    entities: [other.path(), entity.path()],
                });
            }
        }
    }
    Ok(())
}

fn document(entity: &EntityDescription, topic: String) -> Result<EntityDocument, SchemaError> {
    let reader = view::definitions(View::Reader, entity)?;
    let writer = view::definitions(View::Writer, entity)?;
    let example = ExampleData::new(entity, &reader);
    let events = entity.events.iter().zip(1..).map(|(event, number)| EventDocument {
        name: event.name,
        docs: event.docs.to_owned(),
        is_update: event.is_update,
        is_deletion: event.is_deletion,
        reader: view::event(View::Reader, entity, event, &reader),
        writer: view::event(View::Writer, entity, event, &writer),
        example: example
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|data| (entity.record)(&topic, data.event(entity, event, number))),
    });
    let events = events.collect();
    let fields = entity.fields.iter().map(|field| FieldDocument {
        rust: field.rust,
        json: field.json,
        ty: field.ty,
        docs: field.docs.clone(),
        header: field.header,
        is_key: field.is_key,
        is_user: field.is_user,
        required: field.is_required(),
        aliases: field.aliases,
    });
    Ok(EntityDocument {
        entity: entity.entity,
        module: entity.module,
        feature: entity.feature,
        source: entity.source,
        version: entity.version,
        type_prefix: entity.type_prefix,
        delete: entity.delete,
        topic,
        docs: entity.docs.clone(),
        key: entity.fields.iter().filter(|field| field.is_key).map(|field| field.json).collect(),
        fields: fields.collect(),
        events,
    })
}
