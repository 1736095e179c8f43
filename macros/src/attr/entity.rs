//! A struct with `#[derive(EntityEvents)]`.

use proc_macro2::TokenTree;
use syn::{Attribute, Data, DataStruct, DeriveInput, Fields, Generics, Ident, Meta, Type, Visibility};

use super::item;
use super::key::{EntityKeys, FieldKeys, Keys};
use super::list::{Extra, List};
use crate::errors::Errors;

#[derive(Debug)]
pub struct Entity {
    pub ident: Ident,
    pub vis: Visibility,
    pub generics: Generics,
    pub attrs: Vec<Attribute>,
    /// Whether it is a struct with named fields.
    pub is_struct: bool,
    pub keys: EntityKeys,
    pub fields: Vec<Field>,
    /// What the constructors take beside the entity, as fields of the data.
    pub extras: Vec<Field>,
    /// Whether each key of a field could be read.
    pub is_read: bool,
}

/// A field of the entity, or an extra of its data.
#[derive(Debug, Clone)]
pub struct Field {
    pub ident: Ident,
    pub ty: Type,
    pub attrs: Vec<Attribute>,
    pub keys: FieldKeys,
}

impl Entity {
    pub fn read(input: DeriveInput, errors: &mut Errors) -> Self {
        let DeriveInput { attrs, vis, ident, generics, data } = input;
        let fields = match data {
            Data::Struct(DataStruct { fields: Fields::Named(fields), .. }) => Some(fields.named),
            _ => None,
        };
        let is_struct = fields.is_some();
        let keys: EntityKeys = keys(&attrs, errors);
        let before = errors.all.len();
        let fields = fields.into_iter().flatten().filter_map(|field| Field::read(field, errors)).collect();
        let is_read = errors.all.len() == before;
        let extras = List::of(keys.extra.as_ref()).map(|extra| Field::of(extra, errors)).collect();
        Self { ident, vis, generics, attrs, is_struct, keys, fields, extras, is_read }
    }

    /// The fields that the data shows.
    pub fn shown(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.keys.skip.is_none())
    }
}

impl Field {
    /// `None` if the field has no name.
    fn read(field: syn::Field, errors: &mut Errors) -> Option<Self> {
        let keys = keys(&field.attrs, errors);
        Some(Self { ident: field.ident?, ty: field.ty, attrs: field.attrs, keys })
    }

    fn of(Extra { attrs, ident, ty }: &Extra, errors: &mut Errors) -> Self {
        let keys = keys(attrs, errors);
        Self { ident: ident.clone(), ty: ty.clone(), attrs: attrs.clone(), keys }
    }

    pub fn docs(&self) -> impl Iterator<Item = &Attribute> {
        self.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"))
    }

    /// `#[serde(skip)]`, which is for the entity's own JSON.
    pub fn serde_skip(&self) -> Option<&Attribute> {
        self.attrs.iter().find(|attribute| {
            let Meta::List(list) = &attribute.meta else { return false };
            let skips = |token: TokenTree| ["skip", "skip_serializing"].contains(&token.to_string().as_str());
            list.path.is_ident("serde") && list.tokens.clone().into_iter().any(skips)
        })
    }
}

fn keys<K: Keys>(attributes: &[Attribute], errors: &mut Errors) -> K {
    K::from_list(&item::read::<K>(attributes, errors)).unwrap_or_else(|error| {
        errors.all.extend(error.flatten().into_iter().map(syn::Error::from));
        K::default()
    })
}
