//! One `key`, `key = value` or `key(list)` after the other.

use darling::ast::NestedMeta;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::token::Paren;
use syn::{Attribute, Ident, MacroDelimiter, Meta, MetaList};

use super::key::Keys;
use super::{parts, together, value};
use crate::errors::Errors;

/// The items of all `#[event(..)]` among `attributes`, each with a known key, once, and of the key's form.
pub fn read<K: Keys>(attributes: &[Attribute], errors: &mut Errors) -> Vec<NestedMeta> {
    let mut items: Vec<MetaList> = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("event")) {
        match &attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                parts::read(list.tokens.clone(), errors, |input, errors| {
                    let item = read_item::<K>(input, errors)?;
                    if items.iter().any(|known| known.path == item.path) {
                        let name = item.path.require_ident()?;
                        errors.blame(name, format!("`{name}` is set twice; keep one"));
                    } else {
                        items.push(item);
                    }
                    Ok(())
                });
            }
            _ => {
                let (example, list) = (K::TABLE.first().map_or("key", |key| key.example), K::list());
                let mistake = format!("`event` takes keys in `(..)`, like `#[event({example})]`");
                errors.blame(attribute, format!("{mistake}; the keys here are {list}"));
            }
        }
    }
    together::judge(&items).unwrap_or_else(|error| errors.push(error));
    items.into_iter().map(|item| NestedMeta::Meta(item.into())).collect()
}

/// Reads one item; whatever its form, its value ends up in the list.
fn read_item<K: Keys>(input: ParseStream, errors: &mut Errors) -> syn::Result<MetaList> {
    let name = input.call(Ident::parse_any).map_err(|_| {
        let found = parts::ahead(input);
        syn::Error::new_spanned(&found, format!("`{found}` is no key; the keys here are {}", K::list()))
    })?;
    let key = K::find(&name).map_err(|message| syn::Error::new_spanned(&name, message))?;
    let tokens = value::read(input, &name, key).or_else(|error| {
        parts::rest(input);
        let stand_in = value::stand_in(&name, key).ok_or_else(|| error.clone())?;
        errors.push(error);
        Ok::<_, syn::Error>(stand_in)
    })?;
    Ok(MetaList { path: name.unraw().into(), delimiter: MacroDelimiter::Paren(Paren::default()), tokens })
}
