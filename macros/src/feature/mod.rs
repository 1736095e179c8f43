//! What the entity means: the only judge. Once there is a [`Feature`], nothing fails any more.

mod case;
mod clash;
mod derives;
mod extras;
mod fields;
mod header;
mod secret;
mod service;
mod settings;
mod shape;
mod text;
mod topic;
mod types;

use syn::{Ident, LitStr, Path};

pub use service::{Topic, judge_struct, judge_trait, topics};
pub use types::BUILT_IN;

use crate::attr::{Entity, Field};
use crate::errors::Errors;
use crate::krate;
use crate::names::{self, Names};

#[derive(Debug)]
pub struct Feature {
    pub krate: Path,
    /// With the fields that the data shows.
    pub entity: Entity,
    pub names: Names,
    pub topic: String,
    pub types: Vec<Ident>,
    pub extras: Vec<Field>,
    /// There were mistakes: the names are printed, and nothing behind them that could fail in its turn.
    pub hollow: bool,
}

impl Feature {
    /// Judges everything, collects each mistake, and keeps whatever can be kept.
    pub fn new(mut entity: Entity, errors: &mut Errors) -> Self {
        let is_entity = shape::judge(&entity, errors);
        let feature = settings::feature(&entity, errors);
        let topic = topic::judge(&entity, &feature, errors);
        settings::judge(&entity.keys, errors);
        let names = Names::new(&entity.ident, &feature);
        let types = types::judge(&entity, errors);
        let extras = extras::judge(&entity, errors);
        if is_entity {
            fields::judge(&entity, errors);
        }
        header::judge(&entity, errors);
        clash::judge(&entity, &extras, errors);
        // The types of a generic entity cannot be named outside of it.
        entity.fields.retain(|field| is_entity && field.keys.skip.is_none());
        let (krate, hollow) = (krate::path(entity.keys.krate.as_ref()), !errors.all.is_empty());
        Self { krate, entity, names, topic, types, extras, hollow }
    }

    /// The fields of the data.
    pub fn data(&self) -> impl Iterator<Item = &Field> {
        self.entity.fields.iter().chain(&self.extras)
    }

    /// The fields that make the partition key.
    pub fn key_fields(&self) -> impl Iterator<Item = &Field> {
        fields::keys(self.sound_fields())
    }

    pub fn user_id(&self) -> Option<&Field> {
        self.sound_fields().find(|field| field.keys.user_id.is_some())
    }

    /// The headers, and the fields that they show.
    pub fn headers(&self) -> impl Iterator<Item = (&LitStr, &Field)> {
        self.sound_fields().filter_map(|field| Some((field.keys.header.as_ref()?, field)))
    }

    /// The variant of the runtime's `DeletePolicy`.
    pub fn delete(&self) -> Option<Ident> {
        self.entity.keys.delete.as_ref().filter(|_| !self.hollow).map(names::delete_policy)
    }

    /// The fields, unless one could be wrong.
    fn sound_fields(&self) -> impl Iterator<Item = &Field> + Clone {
        self.entity.fields.iter().filter(|_| !self.hollow)
    }
}
