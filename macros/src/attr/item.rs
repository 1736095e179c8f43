//! One `key`, `key = value` or `key(list)` after the other: what cannot be read is reported and passed over, so
//! that the rest of a half-written attribute still counts.

use darling::ast::NestedMeta;
use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Ident, Meta, Token};

use super::key::{Key, Place};
use super::value;
use crate::errors::Errors;

/// The items of all `#[event(..)]` among `attributes`, each with a known key, once, and of the key's form.
pub fn read(attributes: &[Attribute], place: Place, errors: &mut Errors) -> Vec<NestedMeta> {
    let mut items: Vec<Item> = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("event")) {
        match &attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                let read = |input: ParseStream| {
                    read_items(input, place, &mut items, errors);
                    Ok(())
                };
                if let Err(error) = read.parse2(list.tokens.clone()) {
                    errors.push(error);
                }
            }
            _ => errors.blame(
                attribute,
                format!("this attribute says nothing; remove it, or give it keys: {}", place.list()),
            ),
        }
    }
    items.into_iter().map(|item| NestedMeta::Meta(item.meta)).collect()
}

struct Item {
    key: &'static Key,
    meta: Meta,
}

fn read_items(input: ParseStream, place: Place, items: &mut Vec<Item>, errors: &mut Errors) {
    while !input.is_empty() {
        match read_item(input, place, errors) {
            Ok(item) if items.iter().any(|known| known.key.name == item.key.name) => {
                errors.blame(item.meta.path(), format!("`{}` is set twice; keep one", item.key.name));
            }
            Ok(item) => items.push(item),
            Err(error) => errors.push(error),
        }
        rest_of_item(input);
        let _comma: Option<Token![,]> = input.parse().ok();
    }
}

fn read_item(input: ParseStream, place: Place, errors: &mut Errors) -> syn::Result<Item> {
    let name = input.call(Ident::parse_any).map_err(|_| {
        let found = argument(input);
        syn::Error::new_spanned(&found, format!("`{found}` is no key; the keys here are {}", place.list()))
    })?;
    let key = place.find(&name).map_err(|message| syn::Error::new_spanned(&name, message))?;
    let meta = match value::read(input, name.clone(), key) {
        Ok(meta) => meta,
        Err(error) => {
            let meta = value::stand_in(name, key).ok_or_else(|| error.clone())?;
            errors.push(error);
            return Ok(Item { key, meta });
        }
    };
    let rest = rest_of_item(&input.fork());
    if !rest.is_empty() {
        let message = format!("a `,` is missing before this; separate keys like `{}, ..`", key.example);
        errors.blame(rest, message);
    }
    Ok(Item { key, meta })
}

/// What is left before the next comma.
pub fn rest_of_item(input: ParseStream) -> TokenStream {
    let mut rest = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        match input.parse::<TokenTree>() {
            Ok(token) => rest.extend([token]),
            Err(_) => break,
        }
    }
    rest
}

/// What stands before the next comma, or the comma itself where nothing does.
pub fn argument(input: ParseStream) -> TokenStream {
    let argument = rest_of_item(&input.fork());
    if argument.is_empty() { input.fork().parse::<TokenTree>().into_iter().collect() } else { argument }
}
