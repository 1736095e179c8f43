//! What each field of the entity becomes in the data.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Ident, LitStr, Type};

use super::{header, secret};
use crate::attr::{Entity, Field, FieldKeys, Shape};
use crate::errors::Errors;

/// A field of the data.
#[derive(Debug)]
pub struct DataField {
    pub ident: Ident,
    /// Its type in the data.
    pub ty: Type,
    pub docs: Vec<Attribute>,
    pub rename: Option<LitStr>,
    pub conversion: Conversion,
    pub key: bool,
    pub user_id: bool,
    pub header: Option<LitStr>,
}

/// How the data's field is made from the entity's.
#[derive(Debug)]
pub enum Conversion {
    Clone,
    With(TokenStream),
    Into,
}

impl DataField {
    /// `None` for a skipped field.
    pub fn new(field: Field) -> Option<Self> {
        let keys = field.keys;
        if keys.skip.is_some() {
            return None;
        }
        let (conversion, ty) = match (keys.with, keys.ty, keys.into) {
            (Some(with), Some(ty), _) => (Conversion::With(with.into_token_stream()), ty.0),
            (None, None, Some(into)) => (Conversion::Into, into.0),
            (_, Some(ty), _) => (Conversion::Clone, ty.0),
            _ => (Conversion::Clone, field.ty),
        };
        Some(Self {
            ident: field.ident,
            ty,
            docs: field.docs,
            rename: keys.rename.map(|rename| rename.0),
            conversion,
            key: keys.key.is_some(),
            user_id: keys.user_id.is_some(),
            header: keys.header.map(|header| header.0),
        })
    }

    pub fn is_id(&self) -> bool {
        self.ident == "id"
    }
}

pub fn judge(entity: &Entity, errors: &mut Errors) {
    judge_key(entity, errors);
    judge_user(entity, errors);
    header::judge(entity, errors);
    for field in &entity.fields {
        judge_skip(field, errors);
        if entity.generics.params.is_empty() {
            judge_borrow(field, errors);
        }
        judge_conversion(&field.keys, errors);
        judge_rename(field, errors);
        judge_secret(field, errors);
    }
}

fn judge_key(entity: &Entity, errors: &mut Errors) {
    let is_key = |field: &&Field| field.keys.key.is_some() || field.ident == "id";
    let chosen = entity.fields.iter().any(|field| field.keys.key.is_some());
    if chosen || entity.shape != Shape::Struct {
        return;
    }
    match entity.fields.iter().find(is_key) {
        None => errors.blame(
            &entity.ident,
            format!(
                "`{}` has no partition key; put `#[event(key)]` on the field that identifies it",
                entity.ident
            ),
        ),
        Some(Field { keys: FieldKeys { skip: Some(skip), .. }, .. }) => errors.blame(
            skip,
            "the partition key cannot be skipped; remove `skip`, or put `#[event(key)]` on another field",
        ),
        Some(_) => {}
    }
}

fn judge_user(entity: &Entity, errors: &mut Errors) {
    for second in entity.fields.iter().filter_map(|field| field.keys.user_id.as_ref()).skip(1) {
        errors.blame(second, "an event has one user; keep `user_id` on one field");
    }
}

fn judge_skip(field: &Field, errors: &mut Errors) {
    let keys = &field.keys;
    let Some(skip) = &keys.skip else { return };
    if keys.key.is_some() {
        errors.blame(skip, "the partition key cannot be skipped; remove `skip` or `key`");
        return;
    }
    let others: [(&str, Option<&dyn ToTokens>); 7] = [
        ("user_id", keys.user_id.as_ref().map(token)),
        ("rename", keys.rename.as_ref().map(token)),
        ("with", keys.with.as_ref().map(token)),
        ("ty", keys.ty.as_ref().map(token)),
        ("into", keys.into.as_ref().map(token)),
        ("header", keys.header.as_ref().map(token)),
        ("expose", keys.expose.as_ref().map(token)),
    ];
    if let Some((name, _)) = others.iter().find(|(_, token)| token.is_some()) {
        errors.blame(skip, format!("`{name}` does nothing on a skipped field; remove `skip` or `{name}`"));
    }
}

fn token<T: ToTokens>(written: &T) -> &dyn ToTokens {
    written
}

/// The one rule about a type that the compiler's own words would not explain.
fn judge_borrow(field: &Field, errors: &mut Errors) {
    let keys = &field.keys;
    let converted = keys.with.is_some() || keys.into.is_some();
    if matches!(field.ty, Type::Reference(_)) && keys.skip.is_none() && !converted {
        errors.blame(
            &field.ty,
            "a borrowed field cannot be read back from an event; own it: `#[event(into = String)]`",
        );
    }
}

fn judge_conversion(keys: &FieldKeys, errors: &mut Errors) {
    match (&keys.with, &keys.ty, &keys.into) {
        (Some(with), _, Some(_)) => {
            errors.blame(with, "`with` and `into` both convert the field; keep one");
        }
        (Some(with), None, None) => {
            let with: TokenStream = with.to_token_stream();
            errors.blame(with, "the type that `with` makes is missing; add `ty = Decimal`");
        }
        (None, Some(ty), None) => {
            errors.blame(
                ty,
                "`ty` is the type that `with` makes; add `with = Amount::value`, or write `into = ..`",
            );
        }
        (None, Some(ty), Some(_)) => errors.blame(ty, "`into` names the type already; remove `ty`"),
        _ => {}
    }
}

fn judge_secret(field: &Field, errors: &mut Errors) {
    let name = field.ident.unraw().to_string();
    let keys = &field.keys;
    let secret = secret::looks_secret(&name);
    match &keys.expose {
        Some(expose) if !secret => {
            errors.blame(expose, format!("`{name}` is published without `expose`; remove it"));
        }
        None if secret && keys.skip.is_none() => errors.blame(
            &field.ident,
            format!("`{name}` looks like a secret; leave it out with `#[event(skip)]`, or publish it with `#[event(expose)]`"),
        ),
        _ => {}
    }
}

fn judge_rename(field: &Field, errors: &mut Errors) {
    let Some(rename) = &field.keys.rename else { return };
    let name = rename.value();
    if name.is_empty() {
        errors.blame(rename, "`rename` is empty; write the name in the JSON, or remove the key");
    }
}
