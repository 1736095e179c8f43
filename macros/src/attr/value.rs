//! The value behind a key, in the form that the key has.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote_spanned;
use syn::parse::{Parse, ParseStream};
use syn::token::{Brace, Bracket, Paren};
use syn::{
    Expr, Ident, LitStr, MacroDelimiter, Meta, MetaList, MetaNameValue, Path, Token, Type, parenthesized,
};

use super::key::{Form, Key};
use super::list::{Extras, Names, Paths};
use super::parts;

impl Form {
    /// What the key takes, and what reads over it; over a list's inside.
    fn of_value(self) -> (&'static str, fn(ParseStream) -> syn::Result<()>) {
        match self {
            Self::Word => ("no value", pass::<Ident>),
            Self::Text => ("text", pass::<LitStr>),
            Self::Type => ("a type", pass::<Type>),
            Self::Path => ("a path", |input| input.call(Path::parse_mod_style).map(drop)),
            Self::Function => ("a path or a closure", pass_function),
            Self::Extras => ("a list", pass::<Extras>),
            Self::Names => ("a list", pass::<Names>),
            Self::Paths => ("a list", pass::<Paths>),
        }
    }

    fn is_list(self) -> bool {
        matches!(self, Self::Extras | Self::Names | Self::Paths)
    }
}

/// Reads what follows `name`.
pub fn read(input: ParseStream, name: Ident, key: &Key) -> syn::Result<Meta> {
    let path = Path::from(name);
    let (takes, _) = key.form.of_value();
    let wrong = |what: &str| {
        Err(syn::Error::new_spanned(&path, format!("`{}` {what}; write `{}`", key.name(), key.example)))
    };
    let in_parentheses = input.peek(Paren);
    let in_brackets = in_parentheses || input.peek(Bracket) || input.peek(Brace);
    let equals = input.parse::<Option<Token![=]>>()?;
    let has_value = equals.is_some() && !parts::rest(&input.fork()).is_empty();
    match (equals, key.form) {
        (None, form) if in_parentheses && form.is_list() => read_list(input, path, key),
        (None, form) if in_brackets && form.is_list() => wrong("takes its list in `(..)`"),
        (None, _) if in_brackets => wrong("takes no list"),
        (None, Form::Word) => Ok(Meta::Path(path)),
        (None, form) if form.is_list() => wrong("needs a list"),
        (Some(_), form) if form.is_list() || form == Form::Word => wrong(&format!("takes {takes}")),
        (Some(eq_token), _) if has_value => Ok(name_value(path, eq_token, read_value(input, key)?)),
        _ => wrong("needs a value"),
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
    Some(name_value(path, <Token![=]>::default(), value))
}

fn name_value(path: Path, eq_token: Token![=], value: TokenStream) -> Meta {
    Meta::NameValue(MetaNameValue { path, eq_token, value: Expr::Verbatim(value) })
}

fn read_value(input: ParseStream, key: &Key) -> syn::Result<TokenStream> {
    let (takes, pass) = key.form.of_value();
    let begin = input.fork();
    pass(input).map_err(|_| {
        let found = parts::rest(&begin.fork());
        let remedy = remedy(&found, key).unwrap_or_else(|| key.example.to_owned());
        syn::Error::new_spanned(&found, format!("`{}` takes {takes}; write `{remedy}`", key.name()))
    })?;
    let mut value = TokenStream::new();
    while begin.cursor() != input.cursor() {
        value.extend([begin.parse::<TokenTree>()?]);
    }
    match syn::parse2::<LitStr>(value.clone()) {
        Ok(text) if text.value().trim().is_empty() => {
            let message = format!("`{}` is empty; write `{}`, or remove it", key.name(), key.example);
            Err(syn::Error::new_spanned(value, message))
        }
        _ => Ok(value),
    }
}

/// `version = 1.0` was meant as `version = "1.0"`, and `error = "ProductError"` as `error = ProductError`.
fn remedy(found: &TokenStream, key: &Key) -> Option<String> {
    let text = found.to_string();
    if key.form == Form::Text {
        let is_word = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c));
        return is_word.then(|| format!("{} = \"{text}\"", key.name()));
    }
    let value = syn::parse2::<LitStr>(found.clone()).ok()?.value();
    syn::parse_str::<Type>(&value).ok().map(|_| format!("{} = {value}", key.name()))
}

fn pass<T: Parse>(input: ParseStream) -> syn::Result<()> {
    input.parse::<T>().map(drop)
}

fn pass_function(input: ParseStream) -> syn::Result<()> {
    match input.parse()? {
        Expr::Path(_) | Expr::Closure(_) => Ok(()),
        _ => Err(input.error("neither path nor closure")),
    }
}

fn read_list(input: ParseStream, path: Path, key: &Key) -> syn::Result<Meta> {
    let content;
    let paren = parenthesized!(content in input);
    let (_, pass) = key.form.of_value();
    let list = content.fork();
    let tokens: TokenStream = content.parse()?;
    if tokens.is_empty() {
        let message = format!("`{}` is empty; remove it, or write `{}`", key.name(), key.example);
        return Err(syn::Error::new_spanned(path, message));
    }
    pass(&list).map_err(|error| {
        syn::Error::new(error.span(), format!("this list cannot be read; write it like `{}`", key.example))
    })?;
    Ok(Meta::List(MetaList { path, delimiter: MacroDelimiter::Paren(paren), tokens }))
}
