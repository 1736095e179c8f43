//! The value behind a key, in the form that the key has.

use proc_macro2::{Group, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::token::Paren;
use syn::{Expr, Ident, LitStr, Path, Token, Type, parenthesized};

use super::key::{Form, Key};
use super::list::{Extra, List};
use super::parts;

impl Form {
    /// What the key takes, and what reads its tokens: those behind `=`, or those in `(..)`.
    fn of_value(self) -> (&'static str, fn(ParseStream) -> syn::Result<TokenStream>) {
        match self {
            Self::Word => ("no value", read_one::<Ident>),
            Self::Text => ("text", read_one::<LitStr>),
            Self::Type => ("a type", read_one::<Type>),
            Self::Path => ("a path", |input| Ok(Path::parse_mod_style(input)?.into_token_stream())),
            Self::Function => ("a path or a closure", read_function),
            Self::Extras => ("names with their types in `(..)`", read_list::<Extra>),
            Self::Names => ("names in `(..)`", read_list::<Ident>),
            Self::Paths => ("paths in `(..)`", read_list::<Path>),
        }
    }

    fn is_list(self) -> bool {
        matches!(self, Self::Extras | Self::Names | Self::Paths)
    }
}

/// Reads what follows `name`.
pub fn read(input: ParseStream, name: &Ident, key: &Key) -> syn::Result<TokenStream> {
    let (takes, read) = key.form.of_value();
    let has_equals = input.parse::<Option<Token![=]>>()?.is_some();
    let found = parts::rest(&input.fork());
    let culprit = if found.is_empty() { name.to_token_stream() } else { found.clone() };
    let fits = match key.form {
        Form::Word => !has_equals && !input.peek(Paren),
        form if form.is_list() => !has_equals && input.peek(Paren),
        _ => has_equals && !found.is_empty(),
    };
    let remedy = remedy(&found, key).filter(|_| has_equals).unwrap_or_else(|| key.example.to_owned());
    let wrong = format!("`{}` takes {takes}; write `{remedy}`", key.name());
    if !fits {
        return Err(syn::Error::new_spanned(culprit, wrong));
    }
    if key.form == Form::Word {
        return Ok(name.to_token_stream());
    }
    let value = read(input).map_err(|error| {
        if key.form.is_list() {
            syn::Error::new(error.span(), &wrong)
        } else {
            syn::Error::new_spanned(&culprit, &wrong)
        }
    })?;
    let is_blank = syn::parse2::<LitStr>(value.clone()).is_ok_and(|text| text.value().trim().is_empty());
    if is_blank || key.form.is_list() && value.is_empty() {
        let message = format!("`{}` is empty; write `{}`, or remove it", key.name(), key.example);
        return Err(syn::Error::new_spanned(culprit, message));
    }
    Ok(value)
}

/// A key with a wrong value still counts as written, so that no rule complains that it is missing.
pub fn stand_in(name: &Ident, key: &Key) -> Option<TokenStream> {
    let span = name.span();
    match key.form {
        Form::Word => Some(name.to_token_stream()),
        Form::Type => Some(quote_spanned!(span=> ())),
        Form::Function => Some(quote_spanned!(span=> |_| ::core::unreachable!())),
        _ => None,
    }
}

/// `version = 1.0` was meant as `version = "1.0"`, and `error = "ProductError"` as `error = ProductError`.
fn remedy(found: &TokenStream, key: &Key) -> Option<String> {
    let text = found.to_string();
    if key.form == Form::Text {
        let is_word = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c));
        return (is_word && !text.is_empty()).then(|| format!("{} = \"{text}\"", key.name()));
    }
    let value = syn::parse2::<LitStr>(found.clone()).ok()?.value();
    syn::parse_str::<Type>(&value).ok().map(|_| format!("{} = {value}", key.name()))
}

fn read_one<T: Parse + ToTokens>(input: ParseStream) -> syn::Result<TokenStream> {
    input.parse::<T>().map(ToTokens::into_token_stream)
}

fn read_function(input: ParseStream) -> syn::Result<TokenStream> {
    match input.parse()? {
        function @ (Expr::Path(_) | Expr::Closure(_)) => Ok(function.into_token_stream()),
        _ => Err(input.error("neither path nor closure")),
    }
}

fn read_list<T: Parse>(input: ParseStream) -> syn::Result<TokenStream> {
    let content;
    let fork = input.fork();
    parenthesized!(content in fork);
    content.parse::<List<T>>()?;
    Ok(input.parse::<Group>()?.stream())
}
