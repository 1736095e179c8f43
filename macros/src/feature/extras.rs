//! What the constructors take beside the entity.

use syn::Ident;
use syn::ext::IdentExt;

use crate::attr::{Entity, Extra, List};
use crate::errors::Errors;
use crate::names::{self, Names};

/// The extras; one whose name is refused keeps its place under a name that clashes with nothing.
pub fn judge(entity: &Entity, names: &Names, errors: &mut Errors) -> Vec<Extra> {
    let mut extras: Vec<Extra> = Vec::new();
    for extra in List::of(entity.keys.extra.as_ref()) {
        let mut extra = extra.clone();
        if let Some(mistake) = mistake(&extra.ident, entity, names, &extras) {
            errors.blame(&extra.ident, mistake);
            extra.ident = names::unclashing(&extra.ident, extras.len());
        }
        extras.push(extra);
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
    entity.shown().any(|field| is(&field.ident)).then(|| {
        format!("the data has the field `{name}` already; skip the field, or give the extra another name")
    })
}
