//! One `key`, `key = value` or `key(list)` after the other.

use darling::ast::NestedMeta;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::token::Paren;
use syn::{Attribute, Ident, MacroDelimiter, Meta, MetaList};

use super::key::{Form, Keys};
use super::{parts, relations, value};
use crate::errors::Errors;
use crate::names;

/// The items of all `#[event(..)]` among `attributes`, each with a known key, once unless it may be given
/// several times, and of the key's form.
pub fn read<K: Keys>(attributes: &[Attribute], errors: &mut Errors) -> Vec<NestedMeta> {
    let (before, mut items) = (errors.all.len(), Vec::<MetaList>::new());
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("event")) {
        if let Meta::List(list) = &attribute.meta
            && !list.tokens.is_empty()
        {
            parts::read(list.tokens.clone(), errors, |input, errors| {
                let (form, item) = read_item::<K>(input, errors)?;
                match items.iter_mut().find(|known| known.path == item.path) {
                    None => items.push(item),
                    Some(known) if form == Form::Texts => {
                        let more = item.tokens;
                        known.tokens.extend(quote!(, #more));
                    }
                    Some(_) => {
                        let mistake = format!("duplicate key `{}`; remove one", names::text(&item.path));
                        return Err(syn::Error::new_spanned(item.path, mistake));
                    }
                }
                Ok(())
            });
        } else {
            let example = K::TABLE.first().map_or("key", |key| key.example);
            errors.blame(attribute, format!("expected a list of keys, such as `#[event({example})]`"));
        }
    }
    // What could not be read would be missed.
    if errors.all.len() == before {
        relations::validate(&items).unwrap_or_else(|error| errors.all.push(error));
    }
    items.into_iter().map(|item| NestedMeta::Meta(item.into())).collect()
}

/// Reads one item; whatever its form, its value ends up in the list.
fn read_item<K: Keys>(input: ParseStream, errors: &mut Errors) -> syn::Result<(Form, MetaList)> {
    let name = input.fork().call(Ident::parse_any).map(Ident::into_token_stream);
    let key = K::find(&name.unwrap_or_else(|_| parts::ahead(input)))?;
    let name = input.call(Ident::parse_any)?;
    let tokens = match value::read(input, &name, key) {
        // A word is set whatever follows it, so that no rule misses it.
        Err(error) if key.form == Form::Word => {
            errors.all.push(error);
            parts::rest(input);
            name.to_token_stream()
        }
        value => value?,
    };
    let delimiter = MacroDelimiter::Paren(Paren::default());
    Ok((key.form, MetaList { path: name.unraw().into(), delimiter, tokens }))
}
