//! The keys above the struct that stand for themselves.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Ident, LitStr, Path, Type};

use super::{case, topic};
use crate::attr::{Entity, EntityKeys};
use crate::errors::Errors;
use crate::names;
use crate::nearest::nearest;

/// Constants of the event.
#[derive(Debug)]
pub struct Settings {
    /// `None` is the user's package.
    pub source: Option<String>,
    pub topic: String,
    pub version: String,
    pub type_prefix: Option<String>,
    /// The variant of `DeletePolicy`, where it is not the default.
    pub delete: Option<Ident>,
    pub rename_all: Option<String>,
}

/// What a failed publish becomes.
#[derive(Debug)]
pub struct Failure {
    pub error: Option<Type>,
    pub map: FromMessage,
}

/// How the error type is made.
#[derive(Debug)]
pub enum FromMessage {
    /// By `From<PublishError>`.
    From,
    /// By a function of the message.
    Constructor(TokenStream),
}

const DELETE: [(&str, &str); 3] =
    [("event", "Event"), ("tombstone", "Tombstone"), ("event_then_tombstone", "EventThenTombstone")];

/// The feature's name and the constants.
pub fn judge(entity: &Entity, errors: &mut Errors) -> (String, Settings) {
    let keys = &entity.keys;
    let mut check = |key: Option<&LitStr>, mistake: fn(&str) -> Option<String>| {
        let value = key?;
        match mistake(&value.value()) {
            None => Some(value.value()),
            Some(message) => {
                errors.blame(value, message);
                None
            }
        }
    };
    let feature =
        check(keys.feature.as_deref(), feature_mistake).unwrap_or_else(|| names::feature(&entity.ident));
    let settings = Settings {
        source: check(keys.source.as_deref(), source_mistake),
        topic: check(keys.topic.as_deref(), topic::mistake)
            .unwrap_or_else(|| format!("int.{feature}-update.event")),
        version: check(keys.version.as_deref(), version_mistake).unwrap_or_else(|| "1.0".to_owned()),
        type_prefix: check(keys.type_prefix.as_deref(), prefix_mistake),
        rename_all: check(keys.rename_all.as_deref(), |value| choice_mistake(value, &case::CASES)),
        delete: check(keys.delete.as_deref(), |value| choice_mistake(value, &DELETE.map(|(name, _)| name)))
            .and_then(|chosen| DELETE.iter().find(|(name, _)| *name == chosen && chosen != "event"))
            .map(|(_, variant)| Ident::new(variant, Span::call_site())),
    };
    if keys.topic.is_none() && topic::mistake(&settings.topic).is_some() {
        let message = format!("Kafka has no topic `{}`; name one: `topic = \"..\"`", settings.topic);
        errors.blame(&entity.ident, message);
    }
    (feature, settings)
}

/// The derives for the data beside those that it has.
pub fn derives(keys: &EntityKeys, errors: &mut Errors) -> Vec<Path> {
    const BUILT_IN: [&str; 4] = ["Debug", "Clone", "Serialize", "Deserialize"];
    let mut derives: Vec<Path> = Vec::new();
    for derive in keys.derive.iter().flat_map(|list| &list.0.0) {
        let name =
            derive.segments.last().map(|segment| segment.ident.unraw().to_string()).unwrap_or_default();
        if BUILT_IN.contains(&name.as_str()) {
            errors.blame(derive, format!("the data derives `{name}` already; remove it"));
        } else if derives.contains(derive) {
            errors.blame(derive, format!("`{name}` is derived twice; keep one"));
        } else {
            derives.push(derive.clone());
        }
    }
    derives
}

pub fn failure(keys: &EntityKeys, errors: &mut Errors) -> Failure {
    if let (Some(map), None) = (&keys.map_error, &keys.error) {
        errors
            .blame(map, "`map_error` makes an error of a type that is not named; add `error = ProductError`");
    }
    let map = keys
        .map_error
        .as_ref()
        .map_or(FromMessage::From, |map| FromMessage::Constructor(map.to_token_stream()));
    Failure { error: keys.error.as_ref().map(|error| error.0.clone()), map }
}

fn feature_mistake(feature: &str) -> Option<String> {
    if feature.is_empty() {
        return Some("`feature` is empty; write `feature = \"product\"`, or remove the key".to_owned());
    }
    let starts = feature.starts_with(|c: char| c.is_ascii_lowercase());
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if starts && feature.chars().all(legal) {
        return None;
    }
    let snake: String = feature.to_lowercase().chars().map(|c| if legal(c) { c } else { '_' }).collect();
    let snake = snake.trim_matches(|c: char| c == '_' || c.is_ascii_digit());
    let snake = if snake.is_empty() { "product" } else { snake };
    Some(format!(
        "`{feature}` cannot be part of a method's name; write it in snake case: `feature = \"{snake}\"`"
    ))
}

fn source_mistake(source: &str) -> Option<String> {
    if source.is_empty() {
        return Some(
            "`source` is empty; name the publishing service, or remove the key to use the package's name"
                .to_owned(),
        );
    }
    let illegal = source.chars().find(|c| !c.is_ascii_alphanumeric() && !"-._~/:@".contains(*c))?;
    Some(format!(
        "`source` is part of a URI and cannot hold {}; use letters, digits, `-`, `.` and `_`",
        topic::shown(illegal)
    ))
}

fn version_mistake(version: &str) -> Option<String> {
    version
        .trim()
        .is_empty()
        .then(|| "`version` is empty; write `version = \"1.0\"`, or remove the key".to_owned())
}

fn prefix_mistake(prefix: &str) -> Option<String> {
    if prefix.is_empty() {
        return Some(
            "`type_prefix` is empty; write `type_prefix = \"com.acme\"`, or remove the key".to_owned(),
        );
    }
    if prefix.ends_with('.') {
        let bare = prefix.trim_end_matches('.');
        return Some(format!("the dot behind the prefix is added for you; write `type_prefix = \"{bare}\"`"));
    }
    let illegal = prefix.chars().find(|c| c.is_whitespace() || c.is_control())?;
    Some(format!(
        "`type_prefix` cannot hold {}; write it like `type_prefix = \"com.acme\"`",
        topic::shown(illegal)
    ))
}

fn choice_mistake(value: &str, choices: &[&str]) -> Option<String> {
    if choices.contains(&value) {
        return None;
    }
    if let Some(near) = nearest(value, choices.iter().copied()) {
        return Some(format!("`\"{value}\"` is no choice here; write `\"{near}\"`"));
    }
    let all = choices.iter().map(|choice| format!("`\"{choice}\"`")).collect::<Vec<_>>().join(", ");
    Some(format!("`\"{value}\"` is no choice here; write one of {all}"))
}
