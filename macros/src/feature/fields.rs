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
pub fn keys<'a>(fields: impl Iterator<Item = &'a Field> + Clone) -> impl Iterator<Item = &'a Field> {
    let chosen = fields.clone().any(|field| field.keys.key.is_some());
    fields.filter(move |field| if chosen { field.keys.key.is_some() } else { field.ident == "id" })
}

pub fn judge(entity: &Entity, errors: &mut Errors) {
    let Entity { ident, fields, is_read, .. } = entity;
    if *is_read && keys(fields.iter()).next().is_none() {
        let remedy = "put `#[event(key)]` on the field that identifies it";
        errors.blame(ident, format!("`{ident}` has no partition key; {remedy}"));
    }
    for skip in keys(fields.iter()).filter_map(|field| field.keys.skip.as_ref()) {
        let remedy = "remove `skip`, or put `#[event(key)]` on another field";
        errors.blame(skip, format!("the partition key cannot be skipped; {remedy}"));
    }
    for second in fields.iter().filter_map(|field| field.keys.user_id.as_ref()).skip(1) {
        errors.blame(second, "an event has one user; keep `user_id` on one field");
    }
    for field in entity.shown() {
        judge_exposure(field, errors);
        if let borrowed @ Type::Reference(_) = field.data_type() {
            // The compiler's words for it would not help.
            let remedy = "own it: `#[event(into = String)]`";
            errors.blame(borrowed, format!("a borrowed field cannot be read back from an event; {remedy}"));
        }
    }
}

fn judge_exposure(field: &Field, errors: &mut Errors) {
    let name = field.ident.unraw().to_string();
    let remedy = "leave it out with `#[event(skip)]`, or publish it with `#[event(expose)]`";
    match (&field.keys.expose, field.serde_skip()) {
        (None, Some(skip)) => {
            let mistake =
                format!("`{name}` would be published, as serde's `skip` is for the entity's own JSON");
            errors.blame(skip, format!("{mistake}; {remedy}"));
        }
        (None, None) if secret::looks_secret(&name) => {
            errors.blame(&field.ident, format!("`{name}` looks like a secret; {remedy}"));
        }
        (Some(expose), None) if !secret::looks_secret(&name) => {
            errors.blame(expose, format!("`{name}` is published without `expose`; remove it"));
        }
        _ => {}
    }
}
