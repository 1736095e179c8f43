//! Names in the data's JSON, which must differ.

use std::collections::HashMap;

use quote::ToTokens;
use syn::LitStr;
use syn::ext::IdentExt;

use super::case;
use crate::attr::{Entity, Field, FieldKeys};
use crate::errors::Errors;

pub fn judge(entity: &Entity, extras: &[Field], errors: &mut Errors) {
    let case = entity.keys.rename_all.as_ref().map(LitStr::value).unwrap_or_default();
    let mut known = HashMap::new();
    for Field { ident, keys: FieldKeys { rename, .. }, .. } in entity.shown().chain(extras) {
        let by_case = case::apply(&case, &ident.unraw().to_string());
        let name = rename.as_ref().map_or_else(|| by_case.clone(), LitStr::value);
        if rename.is_some() && name == by_case {
            errors.blame(rename, "the field has this name in the JSON anyway; remove `rename`");
        } else if let Some(other) = known.insert(name.clone(), ident) {
            let culprit = rename.as_ref().map_or_else(|| ident.to_token_stream(), ToTokens::to_token_stream);
            let mistake = format!("`{other}` and `{ident}` are both `{name}` in the JSON");
            errors.blame(culprit, format!("{mistake}; rename one of the two"));
        }
    }
}
