//! The event types: three built-in ones, then those of `types(..)`.

use proc_macro2::Span;
use syn::Ident;
use syn::ext::IdentExt;

use crate::attr::Entity;
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
    let built_in =
        |(name, what): &(&str, &'static str)| EventType::new(entity, Ident::new(name, place), Some(what));
    let mut types: Vec<EventType> = BUILT_IN.iter().map(built_in).collect();
    for name in entity.keys.types.iter().flat_map(|list| &list.0.0) {
        let event_type = EventType::new(entity, name.clone(), None);
        match types.iter().find(|known| known.constructor == event_type.constructor) {
            _ if !is_upper_camel(name) => {
                let camel = upper_camel(name);
                errors.blame(name, format!("`{name}` cannot be the name of an event type; write `{camel}`"));
            }
            Some(known) if known.built_in.is_some() => {
                errors.blame(
                    name,
                    format!("every entity has the event type `{}`; remove it here", known.variant),
                );
            }
            Some(known) if known.variant == event_type.variant => {
                errors.blame(name, format!("the event type `{name}` is listed twice; keep one"));
            }
            Some(known) => {
                let message =
                    format!("`{name}` and `{}` both make `{}`; rename one", known.variant, known.constructor);
                errors.blame(name, message);
            }
            None => types.push(event_type),
        }
    }
    types
}

fn is_upper_camel(name: &Ident) -> bool {
    let name = name.unraw().to_string();
    name.starts_with(char::is_uppercase) && !name.contains('_')
}

fn upper_camel(name: &Ident) -> Ident {
    let camel: String = super::case::apply("PascalCase", &name.unraw().to_string());
    syn::parse_str(&camel).unwrap_or_else(|_| Ident::new("Priced", Span::call_site()))
}
