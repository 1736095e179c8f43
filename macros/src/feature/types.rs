//! The event types: three built-in ones, then those of `types(..)`.

use syn::Ident;
use syn::ext::IdentExt;

use super::case;
use crate::attr::{Entity, List};
use crate::errors::Errors;
use crate::names;

/// The types that every entity has.
pub const BUILT_IN: [&str; 3] = ["Created", "Updated", "Deleted"];

pub fn judge(entity: &Entity, errors: &mut Errors) -> Vec<Ident> {
    let place = names::generated(entity.ident.span());
    let mut types = Vec::from(BUILT_IN.map(|name| Ident::new(name, place)));
    for name in List::of(entity.keys.types.as_ref()) {
        match mistake(&entity.ident, name, &types) {
            Some(mistake) => errors.blame(name, mistake),
            None => types.push(name.clone()),
        }
    }
    types
}

fn mistake(entity: &Ident, name: &Ident, before: &[Ident]) -> Option<String> {
    let word = name.unraw().to_string();
    if !word.starts_with(char::is_uppercase) || word.contains('_') {
        let camel = case::pascal(&word);
        let camel = syn::parse_str(&camel).unwrap_or_else(|_| Ident::new("Priced", name.span()));
        return Some(format!("`{name}` cannot be the name of an event type; write `{camel}`"));
    }
    if let Some(bare) =
        word.strip_prefix(&entity.unraw().to_string()).filter(|bare| bare.starts_with(char::is_uppercase))
    {
        return Some(format!(
            "`{name}` would be `{}` on the wire; write `{bare}`",
            names::on_the_wire(entity, name)
        ));
    }
    let constructor = names::constructor(name);
    let other = before.iter().find(|other| names::constructor(other) == constructor)?;
    Some(format!("the constructor `{constructor}` makes `{other}` already; remove or rename this one"))
}
