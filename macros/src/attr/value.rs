//! The value of a key, in the form of the key.

use proc_macro2::{Group, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::token::Paren;
use syn::{Expr, ExprGroup, ExprParen, Ident, LitStr, Path, Token, Type, parenthesized};

use super::key::{Form, Key};
use super::list::{Extra, List};
use super::parts;
use crate::names;

/// Reads what follows the name of a key.
type Reader = fn(&Ident, ParseStream) -> syn::Result<TokenStream>;

impl Form {
    /// What the key expects, and what reads it.
    fn of_value(self) -> (&'static str, Reader) {
        match self {
            Self::Word => ("no value", word),
            Self::Text | Self::Texts => ("a string", one::<LitStr>),
            Self::Type => ("a type", one::<Type>),
            Self::Path => ("a path", one::<Path>),
            Self::Function => ("a path or a closure", function),
            Self::Extras => ("a list of names with types", list::<Extra>),
            Self::Names => ("a list of names", list::<Ident>),
            Self::Paths => ("a list of paths", list::<Path>),
        }
    }
}

/// Reads what follows `name`.
pub fn read(input: ParseStream, name: &Ident, key: &Key) -> syn::Result<TokenStream> {
    let (expected, reader) = key.form.of_value();
    let ahead = input.fork();
    ahead.parse::<Option<Token![=]>>()?;
    let found = parts::rest(&ahead);
    let culprit = if found.is_empty() { name.to_token_stream() } else { found.clone() };
    let value = reader(name, input).map_err(|_| {
        let remedy = requoted(&found, key, name, reader).unwrap_or_else(|| key.example.to_owned());
        syn::Error::new_spanned(&culprit, format!("`{}` expects {expected}; write `{remedy}`", key.name()))
    })?;
    let is_blank = syn::parse2::<LitStr>(value.clone()).is_ok_and(|text| text.value().trim().is_empty());
    if is_blank || value.is_empty() {
        let message = format!("`{}` is empty; write `{}`, or remove it", key.name(), key.example);
        return Err(syn::Error::new_spanned(culprit, message));
    }
    Ok(value)
}

/// `version = 1.0` was meant as `version = "1.0"`, and `error = "ProductError"` as `error = ProductError`.
fn requoted(found: &TokenStream, key: &Key, name: &Ident, reader: Reader) -> Option<String> {
    let value = match syn::parse2::<LitStr>(found.clone()) {
        Ok(text) => format!("= {}", text.value()),
        Err(_) => format!("= {:?}", names::text(found).trim_matches(['(', '"', ')'])),
    };
    let read = |input: ParseStream| reader(name, input);
    let is_plain = !found.is_empty() && !value.contains(char::is_uppercase)
        || !matches!(key.form, Form::Text | Form::Texts);
    (is_plain && read.parse_str(&value).is_ok()).then(|| format!("{} {value}", key.name()))
}

fn word(name: &Ident, input: ParseStream) -> syn::Result<TokenStream> {
    if input.peek(Token![=]) || input.peek(Paren) {
        return Err(input.error("a value"));
    }
    Ok(name.to_token_stream())
}

fn one<T: Parse + ToTokens>(_: &Ident, input: ParseStream) -> syn::Result<TokenStream> {
    input.parse::<Token![=]>()?;
    input.parse::<T>().map(ToTokens::into_token_stream)
}

fn function(_: &Ident, input: ParseStream) -> syn::Result<TokenStream> {
    input.parse::<Token![=]>()?;
    let mut function = input.parse()?;
    // A macro's fragment comes in a group.
    while let Expr::Group(ExprGroup { expr, .. }) | Expr::Paren(ExprParen { expr, .. }) = function {
        function = *expr;
    }
    match function {
        Expr::Path(_) | Expr::Closure(_) => Ok(function.into_token_stream()),
        _ => Err(input.error("neither path nor closure")),
    }
}

fn list<T: Parse>(_: &Ident, input: ParseStream) -> syn::Result<TokenStream> {
    let content;
    let ahead = input.fork();
    parenthesized!(content in ahead);
    content.parse::<List<T>>()?;
    Ok(input.parse::<Group>()?.stream())
}
