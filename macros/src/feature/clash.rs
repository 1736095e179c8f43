//! Names in the data's JSON, which must differ.

use std::collections::HashMap;

use quote::ToTokens;
use syn::LitStr;
use syn::ext::IdentExt;

use super::case;
use crate::attr::{Entity, Extra};
use crate::errors::Errors;

pub fn judge(entity: &Entity, extras: &[Extra], errors: &mut Errors) {
    let case = entity.keys.rename_all.as_ref().map(LitStr::value).unwrap_or_default();
    let fields = entity.shown().map(|field| (&field.ident, field.keys.rename.as_ref()));
    let mut known = HashMap::new();
    for (ident, rename) in fields.chain(extras.iter().map(|extra| (&extra.ident, None))) {
        let by_case = case::apply(&case, &ident.unraw().to_string());
        let name = rename.map_or_else(|| by_case.clone(), LitStr::value);
        if rename.is_some() && name == by_case {
            errors.blame(rename, "the field has this name in the JSON anyway; remove `rename`");
        } else if let Some(other) = known.insert(name.clone(), ident) {
            let culprit = rename.map_or_else(|| ident.to_token_stream(), ToTokens::to_token_stream);
            let mistake = format!("`{other}` and `{ident}` are both `{name}` in the JSON");
            errors.blame(culprit, format!("{mistake}; rename one of the two"));
        }
    }
}
