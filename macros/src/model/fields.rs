//! What each field of the entity becomes in the data.

use syn::Type;
use syn::ext::IdentExt;

use super::secret;
use crate::attr::{Entity, Field, FieldKeys};
use crate::errors::Errors;

impl Field {
    /// Its type in the data.
    pub fn data_type(&self) -> &Type {
        let FieldKeys { ty, into, .. } = &self.keys;
        ty.as_ref().or(into.as_ref()).unwrap_or(&self.ty)
    }
}

/// Those that make the partition key: the chosen ones, or else `id`.
pub fn keys(entity: &Entity) -> impl Iterator<Item = &Field> {
    let chosen = entity.fields.iter().any(|field| field.keys.key.is_some());
    let is_key = move |field: &&Field| if chosen { field.keys.key.is_some() } else { field.ident == "id" };
    entity.fields.iter().filter(is_key)
}

pub fn validate(entity: &Entity, errors: &mut Errors) {
    let Entity { ident, fields, is_read, .. } = entity;
    if *is_read && keys(entity).next().is_none() {
        let remedy = "put `#[event(key)]` on the field that identifies it";
        errors.blame(ident, format!("`{ident}` has no partition key; {remedy}"));
    }
    for skip in keys(entity).filter_map(|field| field.keys.skip.as_ref()) {
        let remedy = "remove `skip`, or put `#[event(key)]` on another field";
        errors.blame(skip, format!("the partition key cannot be skipped; {remedy}"));
    }
    for second in fields.iter().chain(&entity.extras).filter_map(|field| field.keys.user_id.as_ref()).skip(1)
    {
        errors.blame(second, "only one field can be the `user_id`; remove it from the others");
    }
    for field in entity.shown() {
        validate_exposure(field, errors);
        if let borrowed @ Type::Reference(_) = field.data_type() {
            // The compiler's message for it would not help.
            let remedy = "convert it to an owned type: `#[event(into = String)]`";
            errors.blame(borrowed, format!("an event cannot hold a reference; {remedy}"));
        }
    }
}

fn validate_exposure(field: &Field, errors: &mut Errors) {
    let name = field.ident.unraw().to_string();
    let remedy = "add `#[event(skip)]` to leave it out, or `#[event(expose)]` to publish it";
    match (&field.keys.expose, field.serde_skip()) {
        (None, Some(skip)) => {
            let mistake = format!("serde's `skip` does not apply to events, so `{name}` would be published");
            errors.blame(skip, format!("{mistake}; {remedy}"));
        }
        (None, None) if secret::looks_secret(&name) => {
            errors.blame(&field.ident, format!("`{name}` looks like a secret; {remedy}"));
        }
        (Some(expose), None) if !secret::looks_secret(&name) => {
            errors.blame(expose, "`expose` has no effect here; remove it");
        }
        _ => {}
    }
}
