//! What the constructors take beside the entity.

use syn::Ident;
use syn::ext::IdentExt;

use crate::attr::{Entity, Extra};
use crate::errors::Errors;
use crate::names::{self, Names};

/// The extras; one whose name is refused keeps its place under a name that clashes with nothing.
pub fn judge(entity: &Entity, names: &Names, errors: &mut Errors) -> Vec<Extra> {
    let mut extras: Vec<Extra> = Vec::new();
    for extra in entity.keys.extra.iter().flat_map(|list| &list.0.0) {
        let mistake = mistake(&extra.ident, entity, names, &extras);
        let ident = if mistake.is_some() {
            names::unclashing(&extra.ident, extras.len())
        } else {
            extra.ident.clone()
        };
        if let Some(mistake) = mistake {
            errors.blame(&extra.ident, mistake);
        }
        extras.push(Extra { ident, ty: extra.ty.clone() });
    }
    extras
}

fn mistake(extra: &Ident, entity: &Entity, names: &Names, before: &[Extra]) -> Option<String> {
    let name = extra.unraw();
    let is = |other: &Ident| other.unraw() == name;
    if ["correlation_id", "old", "new"].iter().any(|taken| name == taken) || is(&names.parameter) {
        return Some(format!(
            "the constructors have a parameter `{name}` already; give the extra another name"
        ));
    }
    if before.iter().any(|other| is(&other.ident)) {
        return Some(format!("the extra `{name}` is listed twice; keep one"));
    }
    if before.iter().any(|other| is(&names::old(&other.ident)) || names::old(extra) == other.ident) {
        return Some(format!(
            "`new_updated` has a parameter of this name for the state before; give `{name}` another name"
        ));
    }
    let field = entity.fields.iter().find(|field| field.keys.skip.is_none() && is(&field.ident))?;
    Some(format!(
        "the data has the field `{}` already; skip the field, or give the extra another name",
        field.ident
    ))
}
