//! One `key`, `key = value` or `key(list)` after the other.

use darling::ast::NestedMeta;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, Meta};

use super::key::{Key, Place};
use super::{parts, value};
use crate::errors::Errors;

/// The items of all `#[event(..)]` among `attributes`, each with a known key, once, and of the key's form.
pub fn read(attributes: &[Attribute], place: Place, errors: &mut Errors) -> Vec<NestedMeta> {
    let mut items: Vec<(&Key, Meta)> = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("event")) {
        match &attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                parts::read(list.tokens.clone(), errors, |input, errors| {
                    let (key, meta) = read_item(input, place, errors)?;
                    if items.iter().any(|(known, _)| known.name() == key.name()) {
                        errors.blame(meta.path(), format!("`{}` is set twice; keep one", key.name()));
                    } else {
                        items.push((key, meta));
                    }
                    Ok(())
                });
            }
            Meta::NameValue(_) => {
                let example = place.example();
                errors.blame(attribute, format!("`event` takes keys in `(..)`; write `#[event({example})]`"));
            }
            _ => errors.blame(
                attribute,
                format!("this attribute says nothing; remove it, or give it keys: {}", place.list()),
            ),
        }
    }
    items.into_iter().map(|(_, meta)| NestedMeta::Meta(meta)).collect()
}

fn read_item(input: ParseStream, place: Place, errors: &mut Errors) -> syn::Result<(&'static Key, Meta)> {
    let name = input.call(Ident::parse_any).map_err(|_| {
        let found = parts::ahead(input);
        syn::Error::new_spanned(&found, format!("`{found}` is no key; the keys here are {}", place.list()))
    })?;
    let key = place.find(&name).map_err(|message| syn::Error::new_spanned(&name, message))?;
    match value::read(input, name.clone(), key) {
        Ok(meta) => Ok((key, meta)),
        Err(error) => {
            parts::rest(input);
            let meta = value::stand_in(name, key).ok_or_else(|| error.clone())?;
            errors.push(error);
            Ok((key, meta))
        }
    }
}
