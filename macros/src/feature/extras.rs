//! What the constructors take beside the entity.

use syn::ext::IdentExt;
use syn::{Lifetime, Type};

use super::secret;
use crate::attr::{Entity, Field, List};
use crate::errors::Errors;
use crate::names;

/// The extras; one whose name is refused keeps its place under a name that clashes with nothing.
pub fn judge(entity: &Entity, errors: &mut Errors) -> Vec<Field> {
    let mut extras: Vec<Field> = Vec::new();
    let mut parameters = Vec::from(["entity", "old", "new", "correlation_id"].map(str::to_owned));
    for extra in List::of(entity.keys.extra.as_ref()) {
        let mut extra = extra.clone();
        let name = extra.ident.unraw();
        let own = [name.to_string(), names::old(&name).to_string()];
        let mistake = if let Some(taken) = own.iter().find(|name| parameters.contains(name)) {
            Some(format!("the constructors have a parameter `{taken}` already; give the extra another name"))
        } else if entity.shown().any(|field| field.ident.unraw() == name) {
            let remedy = "skip the field, or give the extra another name";
            Some(format!("the data has the field `{name}` already; {remedy}"))
        } else {
            let remedy = "remove it, or give it a name that says what of it may be known";
            let is_secret = secret::looks_secret(&name.to_string());
            is_secret.then(|| format!("`{name}` looks like a secret, and would be published; {remedy}"))
        };
        if let Type::Reference(borrowed) = &mut extra.ty {
            let remedy = format!("own it: `{name}: String`");
            errors.blame(&borrowed, format!("a borrowed extra cannot be read back from an event; {remedy}"));
            borrowed.lifetime = Some(Lifetime::new("'static", borrowed.and_token.span));
        }
        if let Some(mistake) = mistake {
            errors.blame(&extra.ident, mistake);
            extra.ident = names::unclashing(&extra.ident, extras.len());
        }
        parameters.extend(own);
        extras.push(extra);
    }
    extras
}
