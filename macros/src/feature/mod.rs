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
mod topic;
mod types;

use syn::{Generics, Ident, Path, Type, Visibility};

pub use fields::{Conversion, DataField};
pub use service::{Topic, judge_names, judge_struct, judge_trait, members, topic_fields};
pub use settings::{Failure, FromMessage, Settings};
pub use types::EventType;

use crate::attr::{Entity, Extra};
use crate::errors::Errors;
use crate::krate;
use crate::names::Names;

#[derive(Debug)]
pub struct Feature {
    pub krate: Path,
    pub vis: Visibility,
    pub entity: Ident,
    pub generics: Generics,
    pub names: Names,
    pub settings: Settings,
    pub failure: Failure,
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
        let failure = settings::failure(&entity.keys, errors);
        fields::judge(&entity, errors);
        clash::judge(&entity, &extras, errors);
        let fields = entity.fields.into_iter().filter_map(DataField::new).collect();
        Self {
            krate: krate::path(entity.keys.krate.as_deref()),
            vis: entity.vis,
            entity: entity.ident,
            generics: entity.generics,
            names,
            settings,
            failure,
            types,
            fields,
            extras,
            derives,
            hollow: !errors.is_empty(),
        }
    }

    /// The fields that make the partition key.
    pub fn keys(&self) -> impl Iterator<Item = &DataField> {
        let chosen = self.fields.iter().any(|field| field.key);
        self.fields.iter().filter(move |field| if chosen { field.key } else { field.is_id() })
    }

    pub fn user_id(&self) -> Option<&DataField> {
        self.fields.iter().find(|field| field.user_id)
    }

    /// What `publish` returns in the error case, where the user has named it.
    pub fn error(&self) -> Option<&Type> {
        self.failure.error.as_ref()
    }
}
