//! The keys above the struct that stand for themselves.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Expr, Ident, LitStr, Path, Type};

use super::{case, text, topic};
use crate::{
    attr::{Entity, EntityKeys, List},
    errors::Errors,
    names,
    nearest::nearest,
};

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
    pub failure: Failure,
}

/// What a failed publish becomes.
#[derive(Debug)]
pub enum Failure {
    /// The runtime's own error.
    PublishError,
    /// An error with `From<PublishError>`.
    From(Box<Type>),
    /// An error made by a function of the message.
    Made(Box<Type>, Box<Expr>),
}

const DELETE: [(&str, &str); 3] =
    [("event", "Event"), ("tombstone", "Tombstone"), ("event_then_tombstone", "EventThenTombstone")];

/// The feature's name and the constants.
pub fn judge(entity: &Entity, errors: &mut Errors) -> (String, Settings) {
    let keys = &entity.keys;
    let mut check = |key: Option<&LitStr>, mistake: fn(&str) -> Option<String>| {
        let text = key?.value();
        let mistake = mistake(&text);
        let is_right = mistake.is_none();
        errors.blame_all(key, mistake);
        is_right.then_some(text)
    };
    let feature =
        check(keys.feature.as_deref(), feature_mistake).unwrap_or_else(|| names::feature(&entity.ident));
    let topic = check(keys.topic.as_deref(), topic::mistake);
    let source = check(keys.source.as_deref(), source_mistake);
    let version = check(keys.version.as_deref(), |_| None);
    let type_prefix = check(keys.type_prefix.as_deref(), prefix_mistake);
    let rename_all = check(keys.rename_all.as_deref(), |name| choice_mistake(name, &case::CASES));
    let delete = check(keys.delete.as_deref(), |name| choice_mistake(name, &DELETE.map(|(name, _)| name)));
    let policy = DELETE.iter().skip(1).find(|(name, _)| delete.as_deref() == Some(name));
    let settings = Settings {
        source,
        topic: topic.unwrap_or_else(|| format!("int.{feature}-update.event")),
        version: version.unwrap_or_else(|| "1.0".to_owned()),
        type_prefix,
        delete: policy.map(|(_, variant)| Ident::new(variant, Span::call_site())),
        rename_all,
        failure: failure(keys, errors),
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
    for derive in List::of(keys.derive.as_ref()) {
        let name = derive.segments.last().map(|last| last.ident.unraw().to_string()).unwrap_or_default();
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

fn failure(keys: &EntityKeys, errors: &mut Errors) -> Failure {
    match (&keys.error, &keys.map_error) {
        (None, None) => Failure::PublishError,
        (Some(error), None) => Failure::From(Box::new(error.0.clone())),
        (Some(error), Some(map)) => Failure::Made(Box::new(error.0.clone()), Box::new(map.0.clone())),
        (None, Some(map)) => {
            let mistake =
                "`map_error` makes an error of a type that is not named; add `error = ProductError`";
            errors.blame(&map.0, mistake);
            Failure::PublishError
        }
    }
}

fn feature_mistake(feature: &str) -> Option<String> {
    let snake = text::lower(feature, "_", '_');
    if snake == feature && feature.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    let snake = snake.trim_matches(|c: char| c == '_' || c.is_ascii_digit());
    let snake = if snake.is_empty() { "product" } else { snake };
    Some(format!(
        "`{feature}` cannot be part of a method's name; write it in snake case: `feature = \"{snake}\"`"
    ))
}

fn source_mistake(source: &str) -> Option<String> {
    let illegal = text::illegal(source, "-._~/:@")?;
    Some(format!(
        "`source` is part of a URI and cannot hold {illegal}; use letters, digits, `-`, `.` and `_`"
    ))
}

fn prefix_mistake(prefix: &str) -> Option<String> {
    if let Some(bare) = prefix.strip_suffix('.') {
        return Some(format!("the dot behind the prefix is added for you; write `type_prefix = \"{bare}\"`"));
    }
    let illegal = text::illegal(prefix, "-._~/:@")?;
    Some(format!("`type_prefix` cannot hold {illegal}; write it like `type_prefix = \"com.acme\"`"))
}

fn choice_mistake(name: &str, choices: &[&str]) -> Option<String> {
    if choices.contains(&name) {
        return None;
    }
    let choice = nearest(name, choices.iter().copied()).map(|near| format!("`\"{near}\"`"));
    let choice = choice.unwrap_or_else(|| {
        let all: Vec<_> = choices.iter().map(|choice| format!("`\"{choice}\"`")).collect();
        format!("one of {}", all.join(", "))
    });
    Some(format!("`\"{name}\"` is no choice here; write {choice}"))
}
