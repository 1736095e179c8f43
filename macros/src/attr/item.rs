//! One `key`, `key = value` or `key(list)` after the other: what cannot be read is reported and passed over, so that
//! the rest of a half-written attribute still counts.

use darling::ast::NestedMeta;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::token::{Brace, Bracket, Paren};
use syn::{Attribute, Expr, Ident, LitStr, Meta, MetaList, MetaNameValue, Path, Token, Type, parenthesized};

use super::key::{Form, Key, Place};
use super::list::{Extras, Names, Paths};
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
        match read_item(input, place) {
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

fn read_item(input: ParseStream, place: Place) -> syn::Result<Item> {
    let name = input.call(Ident::parse_any).map_err(|_| {
        let found = rest_of_item(&input.fork());
        syn::Error::new_spanned(&found, format!("`{found}` is no key; the keys here are {}", place.list()))
    })?;
    let key = place.find(&name).map_err(|message| syn::Error::new_spanned(&name, message))?;
    let meta = read_meta(input, name, key)?;
    let rest = rest_of_item(&input.fork());
    if rest.is_empty() {
        return Ok(Item { key, meta });
    }
    Err(syn::Error::new_spanned(
        rest,
        format!("a `,` is missing before this; separate keys like `{}, ..`", key.example),
    ))
}

fn read_meta(input: ParseStream, name: Ident, key: &Key) -> syn::Result<Meta> {
    let path = Path::from(name);
    let wrong = |what: &str| {
        syn::Error::new_spanned(&path, format!("`{}` {what}; write `{}`", key.name, key.example))
    };
    let is_list = matches!(key.form, Form::Extras | Form::Names | Form::Paths);
    if input.peek(Paren) || input.peek(Bracket) || input.peek(Brace) {
        if !is_list || !input.peek(Paren) {
            return Err(wrong(if is_list { "takes its list in `(..)`" } else { "takes no list" }));
        }
        return read_list(input, path, key);
    }
    let Some(eq_token) = input.parse::<Option<Token![=]>>()? else {
        return match key.form {
            Form::Word => Ok(Meta::Path(path)),
            _ if is_list => Err(wrong("needs a list")),
            _ => Err(wrong("needs a value")),
        };
    };
    match key.form {
        Form::Word => Err(wrong("takes no value")),
        _ if is_list => Err(wrong("takes a list")),
        _ if rest_of_item(&input.fork()).is_empty() => Err(wrong("needs a value")),
        _ => Ok(Meta::NameValue(MetaNameValue {
            path,
            eq_token,
            value: Expr::Verbatim(read_value(input, key)?),
        })),
    }
}

fn read_value(input: ParseStream, key: &Key) -> syn::Result<TokenStream> {
    let ahead = input.fork();
    let read = match key.form {
        Form::Text => tokens::<LitStr>(input),
        Form::Path => input.call(Path::parse_mod_style).map(ToTokens::into_token_stream),
        Form::Function => match input.parse()? {
            function @ (Expr::Path(_) | Expr::Closure(_)) => Ok(function.into_token_stream()),
            other => Err(syn::Error::new_spanned(other, "")),
        },
        _ => tokens::<Type>(input),
    };
    read.map_err(|_| {
        let found = rest_of_item(&ahead);
        let text: Option<LitStr> = syn::parse2(found.clone()).ok();
        let (takes, remedy) = match (key.form, text) {
            (Form::Text, _) => ("text", quoted(&found, key)),
            (Form::Path, text) => ("a path", unquoted(text, key)),
            (Form::Function, text) => ("a path or a closure", unquoted(text, key)),
            (_, text) => ("a type", unquoted(text, key)),
        };
        syn::Error::new_spanned(&found, format!("`{}` takes {takes}; write `{remedy}`", key.name))
    })
}

/// `version = 1.0` was meant as `version = "1.0"`.
fn quoted(found: &TokenStream, key: &Key) -> String {
    let found = found.to_string();
    let plain = found.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
    if plain { format!("{} = \"{found}\"", key.name) } else { key.example.to_owned() }
}

/// `error = "ProductError"` was meant as `error = ProductError`.
fn unquoted(text: Option<LitStr>, key: &Key) -> String {
    match text {
        Some(text) if syn::parse_str::<Type>(&text.value()).is_ok() => {
            format!("{} = {}", key.name, text.value())
        }
        _ => key.example.to_owned(),
    }
}

fn read_list(input: ParseStream, path: Path, key: &Key) -> syn::Result<Meta> {
    let content;
    let paren = parenthesized!(content in input);
    let tokens: TokenStream = content.parse()?;
    if tokens.is_empty() {
        return Err(syn::Error::new_spanned(
            path,
            format!("`{}` is empty; remove it, or write `{}`", key.name, key.example),
        ));
    }
    let read = match key.form {
        Form::Extras => syn::parse2::<Extras>(tokens.clone()).map(drop),
        Form::Names => syn::parse2::<Names>(tokens.clone()).map(drop),
        _ => syn::parse2::<Paths>(tokens.clone()).map(drop),
    };
    read.map_err(|error| {
        syn::Error::new(error.span(), format!("this list cannot be read; write it like `{}`", key.example))
    })?;
    Ok(Meta::List(MetaList { path, delimiter: syn::MacroDelimiter::Paren(paren), tokens }))
}

fn tokens<T: Parse + ToTokens>(input: ParseStream) -> syn::Result<TokenStream> {
    input.parse::<T>().map(ToTokens::into_token_stream)
}

/// What is left before the next comma.
fn rest_of_item(input: ParseStream) -> TokenStream {
    let mut rest = quote!();
    while !input.is_empty() && !input.peek(Token![,]) {
        match input.parse::<proc_macro2::TokenTree>() {
            Ok(token) => rest.extend([token]),
            Err(_) => break,
        }
    }
    rest
}
