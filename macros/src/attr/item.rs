//! One `key`, `key = value` or `key(list)` after the other.

use darling::ast::NestedMeta;
use quote::ToTokens;
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
        if let Meta::List(list) = &attribute.meta
            && !list.tokens.is_empty()
        {
            parts::read(list.tokens.clone(), errors, |input, errors| {
                let item = read_item::<K>(input, errors)?;
                if items.iter().any(|known| known.path == item.path) {
                    return Err(syn::Error::new_spanned(item.path, "this key is set twice; keep one"));
                }
                items.push(item);
                Ok(())
            });
        } else {
            let example = K::TABLE.first().map_or("key", |key| key.example);
            let remedy = format!("write some, such as `#[event({example})]`");
            errors.blame(attribute, format!("`event` takes keys in `(..)`; {remedy}"));
        }
    }
    together::judge(&items).unwrap_or_else(|error| errors.push(error));
    items.into_iter().map(|item| NestedMeta::Meta(item.into())).collect()
}

/// Reads one item; whatever its form, its value ends up in the list.
fn read_item<K: Keys>(input: ParseStream, errors: &mut Errors) -> syn::Result<MetaList> {
    let name = input.fork().call(Ident::parse_any).map(Ident::into_token_stream);
    let key = K::find(&name.unwrap_or_else(|_| parts::ahead(input)))?;
    let name = input.call(Ident::parse_any)?;
    let tokens = match (value::read(input, &name, key), value::stand_in(&name, key)) {
        (Err(error), Some(stand_in)) => {
            errors.push(error);
            parts::rest(input);
            stand_in
        }
        (value, _) => value?,
    };
    Ok(MetaList { path: name.unraw().into(), delimiter: MacroDelimiter::Paren(Paren::default()), tokens })
}
