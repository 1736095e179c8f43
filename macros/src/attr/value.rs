//! The value behind a key, in the form that the key has.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::token::{Brace, Bracket, Paren};
use syn::{
    Expr, Ident, LitStr, MacroDelimiter, Meta, MetaList, MetaNameValue, Path, Token, Type, parenthesized,
};

use super::item::rest_of_item;
use super::key::{Form, Key};
use super::list::{Extras, Names, Paths};

/// Reads what follows `name`.
pub fn read(input: ParseStream, name: Ident, key: &Key) -> syn::Result<Meta> {
    let path = Path::from(name);
    let wrong = |what: &str| {
        syn::Error::new_spanned(&path, format!("`{}` {what}; write `{}`", key.name, key.example))
    };
    let is_list = key.form.is_list();
    if input.peek(Paren) || input.peek(Bracket) || input.peek(Brace) {
        return match is_list {
            true if input.peek(Paren) => read_list(input, path, key),
            true => Err(wrong("takes its list in `(..)`")),
            false => Err(wrong("takes no list")),
        };
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
        _ => {
            let value = Expr::Verbatim(read_value(input, key)?);
            Ok(Meta::NameValue(MetaNameValue { path, eq_token, value }))
        }
    }
}

/// A key with a wrong value still counts as written, so that no rule complains that it is missing.
pub fn stand_in(name: Ident, key: &Key) -> Option<Meta> {
    let span = name.span();
    let path = Path::from(name);
    let value = match key.form {
        Form::Word => return Some(Meta::Path(path)),
        Form::Type => quote_spanned!(span=> ()),
        Form::Function => quote_spanned!(span=> |_| ::core::unreachable!()),
        _ => return None,
    };
    Some(Meta::NameValue(MetaNameValue {
        path,
        eq_token: <Token![=]>::default(),
        value: Expr::Verbatim(value),
    }))
}

fn read_value(input: ParseStream, key: &Key) -> syn::Result<TokenStream> {
    let ahead = input.fork();
    let read = match key.form {
        Form::Text => tokens::<LitStr>(input),
        Form::Path => input.call(Path::parse_mod_style).map(ToTokens::into_token_stream),
        Form::Function => read_function(input),
        _ => tokens::<Type>(input),
    };
    read.map_err(|_| {
        let found = rest_of_item(&ahead);
        let text: Option<LitStr> = syn::parse2(found.clone()).ok();
        let (takes, remedy) = match key.form {
            Form::Text => ("text", quoted(&found, key)),
            Form::Path => ("a path", unquoted(text, key)),
            Form::Function => ("a path or a closure", unquoted(text, key)),
            _ => ("a type", unquoted(text, key)),
        };
        syn::Error::new_spanned(&found, format!("`{}` takes {takes}; write `{remedy}`", key.name))
    })
}

fn tokens<T: Parse + ToTokens>(input: ParseStream) -> syn::Result<TokenStream> {
    input.parse::<T>().map(ToTokens::into_token_stream)
}

fn read_function(input: ParseStream) -> syn::Result<TokenStream> {
    match input.parse()? {
        function @ (Expr::Path(_) | Expr::Closure(_)) => Ok(function.into_token_stream()),
        other => Err(syn::Error::new_spanned(other, "neither path nor closure")),
    }
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
    let list = content.fork();
    let tokens: TokenStream = content.parse()?;
    if tokens.is_empty() {
        let message = format!("`{}` is empty; remove it, or write `{}`", key.name, key.example);
        return Err(syn::Error::new_spanned(path, message));
    }
    let read = match key.form {
        Form::Extras => list.parse::<Extras>().map(drop),
        Form::Names => list.parse::<Names>().map(drop),
        _ => list.parse::<Paths>().map(drop),
    };
    read.map_err(|error| {
        let message = format!("this list cannot be read; write it like `{}`", key.example);
        syn::Error::new(error.span(), message)
    })?;
    Ok(Meta::List(MetaList { path, delimiter: MacroDelimiter::Paren(paren), tokens }))
}
