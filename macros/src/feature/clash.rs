//! Names in the data's JSON, which must differ.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Ident;
use syn::ext::IdentExt;

use super::case;
use crate::attr::{Entity, Extra};
use crate::errors::Errors;

pub fn judge(entity: &Entity, extras: &[Extra], errors: &mut Errors) {
    let case = entity.keys.rename_all.as_ref().map(|case| case.value()).unwrap_or_default();
    let in_case = |ident: &Ident| case::apply(&case, &ident.unraw().to_string());
    let mut known: Vec<(String, &Ident)> = Vec::new();
    let mut check =
        |name: String, ident, token: TokenStream| match known.iter().find(|(other, _)| *other == name) {
            Some((_, other)) => errors.blame(
                token,
                format!("`{other}` and `{ident}` are both `{name}` in the JSON; rename one of the two"),
            ),
            None => known.push((name, ident)),
        };
    let mut renamed_to_itself = Vec::new();
    for field in entity.fields.iter().filter(|field| field.keys.skip.is_none()) {
        match &field.keys.rename {
            Some(rename) if rename.value() == in_case(&field.ident) => {
                renamed_to_itself.push(rename);
            }
            Some(rename) => check(rename.value(), &field.ident, rename.to_token_stream()),
            None => check(in_case(&field.ident), &field.ident, field.ident.to_token_stream()),
        }
    }
    for extra in extras {
        check(in_case(&extra.ident), &extra.ident, extra.ident.to_token_stream());
    }
    for rename in renamed_to_itself {
        errors.blame(rename, "the field has this name in the JSON anyway; remove `rename`");
    }
}
