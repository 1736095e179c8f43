//! What each field of the entity becomes in the data.

use quote::ToTokens;
use syn::Type;
use syn::ext::IdentExt;

use super::secret;
use crate::attr::{Entity, Field, FieldKeys, Key, Keys, Shape};
use crate::errors::Errors;

impl Field {
    /// Its type in the data.
    pub fn data_type(&self) -> &Type {
        let FieldKeys { ty, into, .. } = &self.keys;
        ty.as_ref().or(into.as_ref()).unwrap_or(&self.ty)
    }

    pub fn is_id(&self) -> bool {
        self.ident == "id"
    }
}

pub fn judge(entity: &Entity, errors: &mut Errors) {
    judge_key(entity, errors);
    for second in entity.fields.iter().filter_map(|field| field.keys.user_id.as_ref()).skip(1) {
        errors.blame(second, "an event has one user; keep `user_id` on one field");
    }
    for field in &entity.fields {
        judge_skip(&field.keys, errors);
        judge_conversion(field, errors);
        judge_exposure(field, errors);
    }
    // A type is the compiler's to judge, whose words for a borrowed one would not help.
    let borrowed = entity.shown().filter(|field| {
        let converted = field.keys.with.is_some() || field.keys.into.is_some();
        matches!(field.ty, Type::Reference(_)) && !converted && entity.generics.params.is_empty()
    });
    for Field { ty, .. } in borrowed {
        errors.blame(
            ty,
            "a borrowed field cannot be read back from an event; own it: `#[event(into = String)]`",
        );
    }
}

fn judge_key(entity: &Entity, errors: &mut Errors) {
    let chosen = entity.fields.iter().any(|field| field.keys.key.is_some());
    if chosen || entity.shape != Shape::Struct {
        return;
    }
    match entity.fields.iter().find(|field| field.ident == "id").map(|id| &id.keys.skip) {
        None => {
            let name = &entity.ident;
            let mistake = "has no partition key; put `#[event(key)]` on the field that identifies it";
            errors.blame(name, format!("`{name}` {mistake}"));
        }
        Some(Some(skip)) => errors.blame(
            skip,
            "the partition key cannot be skipped; remove `skip`, or put `#[event(key)]` on another field",
        ),
        Some(None) => {}
    }
}

fn judge_skip(keys: &FieldKeys, errors: &mut Errors) {
    let mut others = keys.set().map(Key::name).filter(|name| !["key", "skip"].contains(name));
    match (&keys.skip, &keys.key, others.next()) {
        (Some(skip), Some(_), _) => {
            errors.blame(skip, "the partition key cannot be skipped; remove `skip` or `key`");
        }
        (Some(skip), None, Some(name)) => {
            errors
                .blame(skip, format!("`{name}` does nothing on a skipped field; remove `skip` or `{name}`"));
        }
        _ => {}
    }
}

fn judge_conversion(field: &Field, errors: &mut Errors) {
    let FieldKeys { with, ty, into, .. } = &field.keys;
    match (with, ty, into) {
        (Some(with), _, Some(_)) => {
            errors.blame(with, "`with` and `into` both convert the field; keep one");
        }
        (Some(with), None, None) => {
            let mistake = format!("the type of `{}` in the event is missing", field.ident);
            errors.blame(with, format!("{mistake}; add `ty = ..` with what the function returns"));
        }
        (None, Some(ty), None) => {
            let name = ty.to_token_stream();
            let remedy = format!("write `into = {name}`, or add `with = ..` with a function that makes it");
            errors.blame(&name, format!("nothing converts `{}` to `{name}`; {remedy}", field.ident));
        }
        (None, Some(ty), Some(_)) => errors.blame(ty, "`into` names the type already; remove `ty`"),
        _ => {}
    }
}

fn judge_exposure(field: &Field, errors: &mut Errors) {
    let name = field.ident.unraw().to_string();
    match (&field.keys.expose, secret::looks_secret(&name)) {
        (None, _) if field.keys.skip.is_none() && field.serde_skip.is_some() => errors.blame(
            &field.serde_skip,
            format!("`{name}` would be published, as serde's `skip` is for the entity's own JSON; add `#[event(skip)]`, or `#[event(expose)]`"),
        ),
        (Some(expose), false) if field.serde_skip.is_none() => {
            errors.blame(expose, format!("`{name}` is published without `expose`; remove it"));
        }
        (None, true) if field.keys.skip.is_none() => errors.blame(
            &field.ident,
            format!("`{name}` looks like a secret; leave it out with `#[event(skip)]`, or publish it with `#[event(expose)]`"),
        ),
        _ => {}
    }
}
