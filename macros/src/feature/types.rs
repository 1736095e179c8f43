//! The event types: three built-in ones, then those of `types(..)`.

use proc_macro2::Span;
use syn::Ident;
use syn::ext::IdentExt;

use super::case;
use crate::attr::{Entity, List};
use crate::errors::Errors;
use crate::names;

#[derive(Debug)]
pub struct EventType {
    pub variant: Ident,
    pub constructor: Ident,
    pub wire: String,
    /// Where it stands among the built-in ones, such as `was created`; `None` for those of the user.
    pub built_in: Option<&'static str>,
}

const BUILT_IN: [(&str, &str); 3] =
    [("Created", "was created"), ("Updated", "was updated"), ("Deleted", "was deleted")];

impl EventType {
    fn new(entity: &Entity, variant: Ident, built_in: Option<&'static str>) -> Self {
        Self {
            constructor: names::constructor(&variant),
            wire: names::on_the_wire(&entity.ident, &variant),
            variant,
            built_in,
        }
    }

    /// Whether its constructor takes the state before the change too.
    pub fn is_update(&self) -> bool {
        self.built_in.is_some() && self.variant == "Updated"
    }
}

pub fn judge(entity: &Entity, errors: &mut Errors) -> Vec<EventType> {
    let place = names::generated(entity.ident.span());
    let built_in = BUILT_IN.map(|(name, what)| EventType::new(entity, Ident::new(name, place), Some(what)));
    let mut types = Vec::from(built_in);
    for name in List::of(entity.keys.types.as_ref()) {
        let event_type = EventType::new(entity, name.clone(), None);
        let mistake = mistake(&event_type, &types);
        if mistake.is_none() {
            types.push(event_type);
        }
        errors.blame_all(name, mistake);
    }
    types
}

fn mistake(event_type: &EventType, before: &[EventType]) -> Option<String> {
    let name = &event_type.variant;
    let word = name.unraw().to_string();
    if !word.starts_with(char::is_uppercase) || word.contains('_') {
        let camel = case::apply("PascalCase", &word);
        let camel = syn::parse_str(&camel).unwrap_or_else(|_| Ident::new("Priced", Span::call_site()));
        return Some(format!("`{name}` cannot be the name of an event type; write `{camel}`"));
    }
    let EventType { variant: other, constructor, built_in, .. } =
        before.iter().find(|known| known.constructor == event_type.constructor)?;
    Some(match built_in {
        Some(_) => format!("every entity has the event type `{other}`; remove it here"),
        None if other == name => format!("the event type `{name}` is listed twice; keep one"),
        None => format!("`{name}` and `{other}` both make `{constructor}`; rename one"),
    })
}
