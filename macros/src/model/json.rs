//! Names in the data's JSON, which must differ.

use std::collections::HashMap;

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Ident, LitStr};

use super::case;
use crate::attr::{Entity, Field, List};
use crate::errors::Errors;

pub fn validate(entity: &Entity, errors: &mut Errors) {
    let mut known = HashMap::new();
    for field in entity.shown().chain(&entity.extras) {
        let (ident, rename) = (&field.ident, field.keys.rename.as_ref());
        let name = json_name(entity, field);
        if rename.is_some() && name == name_by_case(entity, field) {
            errors.blame(rename, "`rename` has no effect: this is the field's name already; remove it");
        } else if let Some(other) = known.insert(name.clone(), ident) {
            let culprit = rename.map_or_else(|| ident.to_token_stream(), ToTokens::to_token_stream);
            errors.blame(culprit, format!("`{other}` and `{ident}` are both `{name}` in JSON; rename one"));
        }
    }
    validate_aliases(entity, &known, errors);
}

/// A former name leads to one field, which has another name now.
fn validate_aliases(entity: &Entity, names: &HashMap<String, &Ident>, errors: &mut Errors) {
    let mut known: HashMap<String, &Ident> = HashMap::new();
    for field in entity.shown().chain(&entity.extras) {
        let ident = &field.ident;
        for alias in List::of(field.keys.alias.as_ref()) {
            let name = alias.value();
            if name == json_name(entity, field) {
                errors.blame(alias, "`alias` has no effect: this is the field's name already; remove it");
            } else if let Some(other) = names.get(&name) {
                let mistake = format!(
                    "`{name}` is the name of `{other}` in JSON; remove the alias, or rename `{other}`"
                );
                errors.blame(alias, mistake);
            } else if let Some(other) = known.insert(name.clone(), ident) {
                let mistake = if *other == *ident {
                    format!("duplicate alias `{name}`; remove one")
                } else {
                    format!("`{name}` is an alias of `{other}` already; remove one")
                };
                errors.blame(alias, mistake);
            }
        }
    }
}

/// The field's name in JSON.
pub fn json_name(entity: &Entity, field: &Field) -> String {
    field.keys.rename.as_ref().map_or_else(|| name_by_case(entity, field), LitStr::value)
}

fn name_by_case(entity: &Entity, field: &Field) -> String {
    let case = entity.keys.rename_all.as_ref().map(LitStr::value).unwrap_or_default();
    case::apply(&case, &field.ident.unraw().to_string())
}
