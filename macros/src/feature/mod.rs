//! What the entity means: the only judge. Once there is a [`Feature`], nothing fails any more.

mod case;
mod clash;
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

use syn::{Generics, Ident, LitStr, Path, Type, Visibility};

pub use fields::{Conversion, DataField};
pub use service::{Topic, judge_struct, judge_trait, members, topics};
pub use settings::{Failure, Settings};
pub use types::EventType;

use crate::{
    attr::{Entity, Extra},
    errors::Errors,
    krate,
    names::Names,
};

#[derive(Debug)]
pub struct Feature {
    pub krate: Path,
    pub vis: Visibility,
    pub entity: Ident,
    pub generics: Generics,
    pub names: Names,
    pub settings: Settings,
    pub types: Vec<EventType>,
    pub fields: Vec<DataField>,
    pub extras: Vec<Extra>,
    pub derives: Vec<Path>,
    /// There were mistakes: the names are printed, and nothing behind them that could fail in its turn.
    pub hollow: bool,
}

impl Feature {
    /// Judges everything, collects each mistake, and keeps whatever can be kept.
    pub fn new(entity: Entity, errors: &mut Errors) -> Self {
        shape::judge(&entity, errors);
        let (feature, settings) = settings::judge(&entity, errors);
        let names = Names::new(&entity.ident, &feature);
        let types = types::judge(&entity, errors);
        let extras = extras::judge(&entity, &names, errors);
        let derives = settings::derives(&entity.keys, errors);
        fields::judge(&entity, errors);
        header::judge(&entity, errors);
        clash::judge(&entity, &extras, errors);
        // The types of a generic entity cannot be named outside of it.
        let fields = entity.fields.into_iter().filter(|_| entity.generics.params.is_empty());
        Self {
            krate: krate::path(entity.keys.krate.as_deref()),
            vis: entity.vis,
            entity: entity.ident,
            fields: fields.filter_map(DataField::new).collect(),
            generics: entity.generics,
            names,
            settings,
            types,
            extras,
            derives,
            hollow: !errors.is_empty(),
        }
    }

    /// Names and types of the data.
    pub fn data(&self) -> impl Iterator<Item = (&Ident, &Type)> {
        let fields = self.fields.iter().map(|field| (&field.ident, &field.ty));
        fields.chain(self.extras.iter().map(|extra| (&extra.ident, &extra.ty)))
    }

    /// The fields that make the partition key.
    pub fn keys(&self) -> impl Iterator<Item = &DataField> {
        let chosen = self.sound_fields().any(|field| field.keys.key.is_some());
        self.sound_fields().filter(move |field| if chosen { field.keys.key.is_some() } else { field.is_id() })
    }

    pub fn user_id(&self) -> Option<&DataField> {
        self.sound_fields().find(|field| field.keys.user_id.is_some())
    }

    /// The headers, and the fields that they show.
    pub fn headers(&self) -> impl Iterator<Item = (&LitStr, &DataField)> {
        self.sound_fields().filter_map(|field| Some((field.keys.header.as_deref()?, field)))
    }

    /// The fields, unless one could be wrong.
    fn sound_fields(&self) -> impl Iterator<Item = &DataField> {
        self.fields.iter().filter(|_| !self.hollow)
    }
}
