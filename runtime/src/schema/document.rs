//! What the derive says of an entity's events, as JSON Schemas and texts.

use serde_json::Value;

use crate::event::DeletePolicy;

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
