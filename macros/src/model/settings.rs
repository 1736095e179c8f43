//! The keys above the struct that depend on no other.

use syn::LitStr;
use syn::ext::IdentExt;

use super::{case, derives, text};
use crate::attr::{Entity, EntityKeys};
use crate::errors::Errors;
use crate::names;
use crate::suggestion;

const DELETE: [&str; 3] = ["event", "tombstone", "event_then_tombstone"];

pub fn validate(keys: &EntityKeys, errors: &mut Errors) {
    let mut check = |key: &Option<LitStr>, mistake: fn(&str) -> Option<String>| {
        if let Some(mistake) = key.as_ref().and_then(|key| mistake(&key.value())) {
            errors.blame(key, mistake);
        }
    };
    check(&keys.source, |source| no_uri("source", source));
    check(&keys.type_prefix, prefix_mistake);
    check(&keys.rename_all, |name| no_choice("rename_all", name, &case::CASES.map(|(case, _)| case)));
    check(&keys.delete, |name| no_choice("delete", name, &DELETE));
    derives::validate(keys.derive.as_ref(), &["Debug", "Clone", "Serialize", "Deserialize"], errors);
}

/// The name in methods and topics.
pub fn feature(entity: &Entity, errors: &mut Errors) -> String {
    let own = names::feature(&entity.ident);
    let Some(given) = &entity.keys.feature else { return own };
    let feature = given.value();
    let snake = text::lower(&feature, "_", '_');
    let is_word = snake.starts_with(|c: char| c.is_ascii_lowercase());
    if is_word && snake == feature {
        return feature;
    }
    let word = if is_word { &snake } else { "product" };
    errors.blame(given, format!("`{feature}` is not snake case; write `feature = \"{word}\"`"));
    // As what was meant, other code knows it.
    if is_word { snake } else { own }
}

/// The entity's name on the wire.
pub fn wire_name(entity: &Entity, errors: &mut Errors) -> String {
    let own = entity.ident.unraw().to_string();
    let Some(given) = &entity.keys.name else { return own };
    let name = given.value();
    if name.starts_with(char::is_uppercase) && text::illegal(&name, "").is_none() {
        return name;
    }
    errors.blame(given, format!("`{name}` is not upper camel case; write `name = \"{own}\"`"));
    own
}

fn prefix_mistake(prefix: &str) -> Option<String> {
    let Some(bare) = prefix.strip_suffix('.') else { return no_uri("type_prefix", prefix) };
    Some(format!("the dot after the prefix is added automatically; write `type_prefix = \"{bare}\"`"))
}

fn no_uri(key: &str, text: &str) -> Option<String> {
    let illegal = text::illegal(text, "-._~/:@")?;
    Some(format!(
        "`{key}` becomes part of a URI and cannot contain {illegal}; use letters, digits, `-`, `.` and `_`"
    ))
}

fn no_choice(key: &str, name: &str, choices: &[&str]) -> Option<String> {
    let remedy = || suggestion::of(name, choices);
    (!choices.contains(&name)).then(|| format!("`{name}` is not a valid value for `{key}`; {}", remedy()))
}
