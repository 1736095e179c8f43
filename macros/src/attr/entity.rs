//! A struct with `#[derive(EntityEvents)]`.

use darling::FromMeta;
use syn::{Attribute, Data, DeriveInput, Expr, Fields, Generics, Ident, LitStr, Path, Type, Visibility};

use super::item;
use super::key::Place;
use super::list::{Extras, Names, Paths, Written};
use crate::errors::Errors;

#[derive(Debug)]
pub struct Entity {
    pub ident: Ident,
    pub vis: Visibility,
    pub generics: Generics,
    pub shape: Shape,
    pub keys: EntityKeys,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Struct,
    TupleStruct,
    UnitStruct,
    Enum,
    Union,
}

/// The keys above the struct.
#[derive(Debug, Default, FromMeta)]
#[darling(default)]
pub struct EntityKeys {
    /// The publishing service.
    pub source: Option<Written<LitStr>>,
    /// The snake-case name behind methods and topic.
    pub feature: Option<Written<LitStr>>,
    /// The default topic.
    pub topic: Option<Written<LitStr>>,
    /// The version of the schema.
    pub version: Option<Written<LitStr>>,
    /// What a failed publish returns.
    pub error: Option<Written<Type>>,
    /// How `error` is made from a message.
    pub map_error: Option<Written<Expr>>,
    /// What the constructors take beside the entity.
    pub extra: Option<Written<Extras>>,
    /// Event types beside the three built-in ones.
    pub types: Option<Written<Names>>,
    /// The case of names in the data's JSON.
    pub rename_all: Option<Written<LitStr>>,
    /// Further derives for the data.
    pub derive: Option<Written<Paths>>,
    /// What stands before the `CloudEvents` type.
    pub type_prefix: Option<Written<LitStr>>,
    /// What a deletion becomes.
    pub delete: Option<Written<LitStr>>,
    /// Where the runtime is.
    #[darling(rename = "crate")]
    pub krate: Option<Written<Path>>,
}

#[derive(Debug)]
pub struct Field {
    pub ident: Ident,
    pub ty: Type,
    pub docs: Vec<Attribute>,
    pub keys: FieldKeys,
}

/// The keys on a field.
#[derive(Debug, Default, FromMeta)]
#[darling(default)]
pub struct FieldKeys {
    /// Part of the partition key.
    pub key: Option<Written<Ident>>,
    /// Also the user of the metadata.
    pub user_id: Option<Written<Ident>>,
    /// Not in the data.
    pub skip: Option<Written<Ident>>,
    /// Its name in the data's JSON.
    pub rename: Option<Written<LitStr>>,
    /// A conversion from a reference, to `ty`.
    pub with: Option<Written<Expr>>,
    /// What `with` makes.
    pub ty: Option<Written<Type>>,
    /// A conversion by `From`.
    pub into: Option<Written<Type>>,
    /// Also a record header.
    pub header: Option<Written<LitStr>>,
    /// Looks like a secret, and is none.
    pub expose: Option<Written<Ident>>,
}

impl Entity {
    pub fn read(input: DeriveInput, errors: &mut Errors) -> Self {
        let (shape, fields) = match input.data {
            Data::Struct(data) => match data.fields {
                Fields::Named(fields) => (Shape::Struct, fields.named.into_iter().collect()),
                Fields::Unnamed(_) => (Shape::TupleStruct, Vec::new()),
                Fields::Unit => (Shape::UnitStruct, Vec::new()),
            },
            Data::Enum(_) => (Shape::Enum, Vec::new()),
            Data::Union(_) => (Shape::Union, Vec::new()),
        };
        Self {
            keys: keys(&input.attrs, Place::Struct, errors),
            fields: fields.into_iter().filter_map(|field| Field::read(field, errors)).collect(),
            ident: input.ident,
            vis: input.vis,
            generics: input.generics,
            shape,
        }
    }
}

impl Field {
    /// `None` where the field has no name.
    fn read(field: syn::Field, errors: &mut Errors) -> Option<Self> {
        let keys = keys(&field.attrs, Place::Field, errors);
        let docs = field.attrs.into_iter().filter(|attribute| attribute.path().is_ident("doc")).collect();
        Some(Self { ident: field.ident?, ty: field.ty, docs, keys })
    }
}

fn keys<K: FromMeta + Default>(attributes: &[Attribute], place: Place, errors: &mut Errors) -> K {
    K::from_list(&item::read(attributes, place, errors)).unwrap_or_else(|error| {
        error.flatten().into_iter().for_each(|error| errors.push(error.into()));
        K::default()
    })
}
