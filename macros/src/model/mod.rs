//! What the entity means. Every rule is checked here; with a [`Model`] at hand, printing cannot fail.

mod case;

mod derives;
mod extras;
mod fields;
mod header;
mod json;
mod secret;
mod service;
mod settings;
mod shape;
mod text;
mod topic;
mod types;

use syn::{Ident, LitStr, Path};

pub use service::{Topic, topics, validate_struct, validate_trait};
pub use types::EventType;

use crate::attr::{Entity, Field, FieldKeys};
use crate::errors::Errors;
use crate::krate;
use crate::names::{self, Names};

#[derive(Debug)]
pub struct Model {
    pub krate: Path,
    /// With the fields that the data shows.
    pub entity: Entity,
    pub names: Names,
    pub topic: String,
    /// The entity's name on the wire.
    pub wire_name: String,
    pub types: Vec<EventType>,
    /// There were mistakes: only the names are printed, and nothing that could fail in its turn.
    pub is_hollow: bool,
}

impl Model {
    /// Validates everything, collects each mistake, and keeps whatever can be kept.
    pub fn new(mut entity: Entity, errors: &mut Errors) -> Self {
        let is_entity = shape::validate(&entity, errors);
        let feature = settings::feature(&entity, errors);
        let wire_name = settings::wire_name(&entity, errors);
        let topic = topic::validate(&entity, &feature, errors);
        settings::validate(&entity.keys, errors);
        let names = Names::new(&entity.ident, &feature);
        let types = types::validate(&entity, &wire_name, errors);
        extras::validate(&mut entity, errors);
        if is_entity {
            fields::validate(&entity, errors);
        }
        header::validate(&entity, errors);
        json::validate(&entity, errors);
        // The types of a generic entity cannot be named outside of it.
        entity.fields.retain(|field| is_entity && field.keys.skip.is_none());
        let is_hollow = !errors.all.is_empty();
        if is_hollow {
            hollow_out(&mut entity);
        }
        Self {
            krate: krate::path(entity.keys.krate.as_ref()),
            entity,
            names,
            topic,
            wire_name,
            types,
            is_hollow,
        }
    }

    /// The fields of the data.
    pub fn data(&self) -> impl Iterator<Item = &Field> + Clone {
        self.entity.fields.iter().chain(&self.entity.extras)
    }

    /// The fields that make the partition key.
    pub fn key_fields(&self) -> impl Iterator<Item = &Field> {
        fields::keys(&self.entity).filter(|_| !self.is_hollow)
    }

    pub fn user_id(&self) -> Option<&Field> {
        self.data().find(|field| field.keys.user_id.is_some())
    }

    /// The headers, and the fields that they show.
    pub fn headers(&self) -> impl Iterator<Item = (&LitStr, &Field)> {
        self.data().filter_map(|field| Some((field.keys.header.as_ref()?, field)))
    }

    /// The field's name in the data's JSON.
    pub fn json_name(&self, field: &Field) -> String {
        json::json_name(&self.entity, field)
    }

    /// The variant of the runtime's `DeletePolicy`.
    pub fn delete(&self) -> Option<Ident> {
        self.entity.keys.delete.as_ref().map(names::delete_policy)
    }
}

/// Keeps what decides about types and signatures. Anything else may be part of the mistake.
fn hollow_out(entity: &mut Entity) {
    entity.keys.delete = None;
    entity.keys.derive = None;
    entity.keys.schema = None;
    for Field { keys, .. } in entity.fields.iter_mut().chain(&mut entity.extras) {
        let FieldKeys { with, ty, into, .. } = std::mem::take(keys);
        *keys = FieldKeys { with, ty, into, ..FieldKeys::default() };
    }
}
