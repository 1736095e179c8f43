//! What the constructors take beside the entity.

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Ident, Lifetime, Type};

use super::secret;
use crate::attr::{Entity, Field};
use crate::errors::Errors;
use crate::names;

/// An extra whose name is refused keeps its place under a name that clashes with nothing.
pub fn validate(entity: &mut Entity, errors: &mut Errors) {
    let shown: Vec<_> = entity.shown().map(|field| field.ident.unraw()).collect();
    let mut parameters = Vec::from(["entity", "old", "new", "correlation_id"].map(str::to_owned));
    for (index, extra) in entity.extras.iter_mut().enumerate() {
        validate_keys(extra, errors);
        let own = own_type(extra, errors);
        extra.ty = own;
        let name = extra.ident.unraw();
        let own = [name.to_string(), names::old(&name).to_string()];
        if let Some(mistake) = mistake(extra, &own, &parameters, &shown) {
            errors.blame(&extra.ident, mistake);
            extra.ident = names::unclashing(&extra.ident, index);
        }
        parameters.extend(own);
    }
}

fn mistake(extra: &Field, own: &[String], parameters: &[String], shown: &[Ident]) -> Option<String> {
    let name = extra.ident.unraw();
    if let Some(taken) = own.iter().find(|name| parameters.contains(name)) {
        Some(format!("the constructors already have a parameter `{taken}`; rename the extra"))
    } else if shown.contains(&name) {
        Some(format!("the data already has a field `{name}`; skip the field, or rename the extra"))
    } else if extra.keys.expose.is_none() && secret::looks_secret(&name.to_string()) {
        let remedy = "remove it, or add `#[event(expose)]` to publish it";
        Some(format!("`{name}` looks like a secret; {remedy}"))
    } else {
        None
    }
}

/// An extra is given as it is, and part of the data and nothing else.
fn validate_keys(extra: &Field, errors: &mut Errors) {
    let keys = &extra.keys;
    let tokens = |key: Option<&dyn ToTokens>| key.map(ToTokens::to_token_stream);
    let useless = [
        ("key", tokens(keys.key.as_ref().map(|key| key as _))),
        ("skip", tokens(keys.skip.as_ref().map(|key| key as _))),
        ("with", tokens(keys.with.as_ref().map(|key| key as _))),
        ("into", tokens(keys.into.as_ref().map(|key| key as _))),
    ];
    for (key, tokens) in useless {
        if let Some(tokens) = tokens {
            errors.blame(tokens, format!("`{key}` cannot be used on an extra; remove it"));
        }
    }
    if let Some(expose) = &keys.expose
        && !secret::looks_secret(&extra.ident.unraw().to_string())
    {
        errors.blame(expose, "`expose` has no effect here; remove it");
    }
}

fn own_type(extra: &Field, errors: &mut Errors) -> Type {
    let mut ty = extra.ty.clone();
    if let Type::Reference(borrowed) = &mut ty {
        let remedy = format!("use an owned type: `{}: String`", extra.ident);
        errors.blame(&borrowed, format!("an event cannot hold a reference; {remedy}"));
        borrowed.lifetime = Some(Lifetime::new("'static", borrowed.and_token.span));
    }
    ty
}
