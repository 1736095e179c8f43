//! Names in the data's JSON, which must differ.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Ident, LitStr};

use super::case;
use crate::attr::{Entity, Extra};
use crate::errors::Errors;

pub fn judge(entity: &Entity, extras: &[Extra], errors: &mut Errors) {
    let case = entity.keys.rename_all.as_ref().map(LitStr::value).unwrap_or_default();
    let in_case = |ident: &Ident| case::apply(&case, &ident.unraw().to_string());
    let mut known: Vec<(String, &Ident)> = Vec::new();
    let mut check = |name: String, ident, token: TokenStream, errors: &mut Errors| match known
        .iter()
        .find(|(other, _)| *other == name)
    {
        Some((_, other)) => errors.blame(
            token,
            format!("`{other}` and `{ident}` are both `{name}` in the JSON; rename one of the two"),
        ),
        None => known.push((name, ident)),
    };
    for field in entity.shown() {
        match &field.keys.rename {
            Some(rename) if rename.value() == in_case(&field.ident) => {
                errors.blame(rename, "the field has this name in the JSON anyway; remove `rename`");
            }
            Some(rename) => check(rename.value(), &field.ident, rename.to_token_stream(), errors),
            None => check(in_case(&field.ident), &field.ident, field.ident.to_token_stream(), errors),
        }
    }
    for extra in extras {
        check(in_case(&extra.ident), &extra.ident, extra.ident.to_token_stream(), errors);
    }
}
