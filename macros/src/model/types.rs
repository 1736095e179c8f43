//! The event types: three built-in ones, then those of `types(..)` and `updates(..)`.

use syn::Ident;
use syn::ext::IdentExt;

use super::case;
use crate::attr::{Entity, List};
use crate::errors::Errors;
use crate::names;

/// The variant for event types that a reader does not know.
const UNKNOWN: &str = "Unknown";

#[derive(Debug)]
pub struct EventType {
    pub ident: Ident,
    /// Its name on the wire, such as `ProductCreated`.
    pub wire_name: String,
    /// Whether its events hold the state before, too.
    pub is_update: bool,
    /// Whether every entity has it.
    pub is_built_in: bool,
}

pub fn validate(entity: &Entity, wire_name: &str, errors: &mut Errors) -> Vec<EventType> {
    let place = names::generated(entity.ident.span());
    let event_type = |ident: Ident, is_update, is_built_in| EventType {
        wire_name: names::on_the_wire(wire_name, &ident),
        ident,
        is_update,
        is_built_in,
    };
    let built_in = ["Created", "Updated", "Deleted"].map(|name| Ident::new(name, place));
    let mut types: Vec<_> =
        built_in.into_iter().map(|name| event_type(name.clone(), name == "Updated", true)).collect();
    let own = List::of(entity.keys.types.as_ref()).map(|name| (name, false));
    let updates = List::of(entity.keys.updates.as_ref()).map(|name| (name, true));
    for (name, is_update) in own.chain(updates) {
        match mistake(wire_name, name, &types) {
            Some(mistake) => errors.blame(name, mistake),
            None => types.push(event_type(name.clone(), is_update, false)),
        }
    }
    types
}

fn mistake(wire_name: &str, name: &Ident, before: &[EventType]) -> Option<String> {
    let word = name.unraw().to_string();
    if !word.starts_with(char::is_uppercase) || word.contains('_') {
        let camel = case::pascal(&word);
        let camel = syn::parse_str(&camel).unwrap_or_else(|_| Ident::new("Priced", name.span()));
        return Some(format!("event type `{name}` is not upper camel case; write `{camel}`"));
    }
    if word == UNKNOWN {
        return Some(format!(
            "`{UNKNOWN}` stands for the types that a reader does not know; rename this event type"
        ));
    }
    if let Some(bare) = word.strip_prefix(wire_name).filter(|bare| bare.starts_with(char::is_uppercase)) {
        let on_the_wire = names::on_the_wire(wire_name, name);
        return Some(format!("`{name}` would be `{on_the_wire}` on the wire; write `{bare}`"));
    }
    let constructor = names::constructor(name);
    let other = &before.iter().find(|other| names::constructor(&other.ident) == constructor)?.ident;
    Some(format!("`{constructor}` already makes `{other}`; remove or rename this event type"))
}
