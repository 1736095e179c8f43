//! What the derive says of an entity's events: the generated code calls these methods.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

use super::document::ExampleRecord;
use super::example;
use crate::__private::Describer;
use crate::event::{DeletePolicy, Event};

/// The events of an entity with `#[event(schema)]`.
pub struct EntityDescription {
    pub(crate) entity: &'static str,
    /// The name of the data's schema.
    pub(crate) data: &'static str,
    pub(crate) module: &'static str,
    pub(crate) feature: &'static str,
    pub(crate) source: &'static str,
    pub(crate) version: &'static str,
    pub(crate) type_prefix: &'static str,
    pub(crate) delete: DeletePolicy,
    pub(crate) docs: String,
    pub(crate) fields: Vec<FieldDescription>,
    pub(crate) events: Vec<EventDescription>,
    /// Makes a record of an event, given as JSON and the topic.
    pub(crate) record: fn(&str, Value) -> Result<ExampleRecord, String>,
}

/// A field of the data.
pub struct FieldDescription {
    pub(crate) rust: &'static str,
    pub(crate) json: &'static str,
    pub(crate) ty: &'static str,
    pub(crate) docs: String,
    pub(crate) header: Option<&'static str>,
    pub(crate) is_key: bool,
    pub(crate) is_user: bool,
    pub(crate) has_default: bool,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) schema: fn(&mut SchemaGenerator) -> Schema,
    /// Whether the field can be read from a JSON text, or from nothing.
    pub(crate) reads: fn(Option<&str>) -> Result<(), String>,
}

/// An event type.
#[derive(Debug)]
pub(crate) struct EventDescription {
    pub(crate) name: &'static str,
    pub(crate) docs: &'static str,
    pub(crate) is_update: bool,
    pub(crate) is_deletion: bool,
}

/// A field that has a schema.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no schema, since it does not implement `JsonSchema`",
    label = "no `JsonSchema`",
    note = "derive `schemars::JsonSchema` for it and for what it holds (for a type of another crate, turn on its feature of schemars, such as `rust_decimal1`), convert the field with `#[event(into = String)]` or `with`, or leave it out with `#[event(skip)]`"
)]
pub trait FieldSchema: JsonSchema {}

#[diagnostic::do_not_recommend]
impl<T: JsonSchema> FieldSchema for T {}

impl Describer {
    /// Adds an entity: its name, that of its data, its module, and its doc comment by lines.
    pub fn entity<E: Event>(
        &mut self,
        entity: &'static str,
        data: &'static str,
        module: &'static str,
        docs: &[&str],
    ) -> &mut EntityDescription {
        self.entities.push(EntityDescription {
            entity,
            data,
            module,
            feature: E::FEATURE,
            source: E::SOURCE,
            version: E::VERSION,
            type_prefix: E::TYPE_PREFIX,
            delete: E::DELETE,
            docs: joined(docs),
            fields: Vec::new(),
            events: Vec::new(),
            record: example::record::<E>,
        });
        let last = self.entities.len() - 1;
        &mut self.entities[last]
    }
}

impl EntityDescription {
    /// The path of the entity, such as `shop::product::Product`.
    pub(crate) fn path(&self) -> String {
        format!("{}::{}", self.module, self.entity)
    }

    /// Adds an event type.
    pub fn event(&mut self, name: &'static str, docs: &'static str, is_update: bool, is_deletion: bool) {
        self.events.push(EventDescription { name, docs, is_update, is_deletion });
    }

    /// Adds a field: its name in Rust and in JSON, its type, its doc comment by lines, and how it is read.
    pub fn field<T: FieldSchema>(
        &mut self,
        [rust, json, ty]: [&'static str; 3],
        docs: &[&str],
        reads: fn(Option<&str>) -> Result<(), String>,
    ) -> &mut FieldDescription {
        self.fields.push(FieldDescription {
            rust,
            json,
            ty,
            docs: joined(docs),
            header: None,
            is_key: false,
            is_user: false,
            has_default: false,
            aliases: &[],
            schema: SchemaGenerator::subschema_for::<T>,
            reads,
        });
        let last = self.fields.len() - 1;
        &mut self.fields[last]
    }
}

impl FieldDescription {
    /// It is part of the partition key.
    pub fn key(&mut self) -> &mut Self {
        self.is_key = true;
        self
    }

    /// It is the user of the metadata.
    pub fn user(&mut self) -> &mut Self {
        self.is_user = true;
        self
    }

    /// It has a default if it is missing.
    pub fn default(&mut self) -> &mut Self {
        self.has_default = true;
        self
    }

    /// It is also a record header.
    pub fn header(&mut self, name: &'static str) -> &mut Self {
        self.header = Some(name);
        self
    }

    /// It is read under former names, too.
    pub fn aliases(&mut self, names: &'static [&'static str]) -> &mut Self {
        self.aliases = names;
        self
    }

    /// Whether a reader needs it.
    pub(crate) fn is_required(&self) -> bool {
        !self.has_default && (self.reads)(None).is_err()
    }
}

impl fmt::Debug for EntityDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntityDescription").field("entity", &self.entity).finish_non_exhaustive()
    }
}

impl fmt::Debug for FieldDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldDescription").field("json", &self.json).finish_non_exhaustive()
    }
}

/// A doc comment as a text: paragraphs stay, other lines are joined.
fn joined(lines: &[&str]) -> String {
    let text = lines.join("\n");
    let trimmed = text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end());
    trimmed.collect::<Vec<_>>().join("\n").trim().to_owned()
}
