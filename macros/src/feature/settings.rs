//! The keys above the struct that stand for themselves.

use syn::ext::IdentExt;
use syn::{LitStr, Path};

use super::{case, text};
use crate::attr::{Entity, EntityKeys, List};
use crate::errors::Errors;
use crate::names;
use crate::nearest::nearest;

const DELETE: [&str; 3] = ["event", "tombstone", "event_then_tombstone"];

pub fn judge(keys: &EntityKeys, errors: &mut Errors) {
    let mut check = |key: &Option<LitStr>, mistake: fn(&str) -> Option<String>| {
        errors.blame_all(key, key.as_ref().and_then(|key| mistake(&key.value())));
    };
    check(&keys.source, source_mistake);
    check(&keys.type_prefix, prefix_mistake);
    check(&keys.rename_all, |name| choice_mistake(name, &case::CASES));
    check(&keys.delete, |name| choice_mistake(name, &DELETE));
    judge_derives(keys, errors);
}

/// The name in methods and topics.
pub fn feature(entity: &Entity, errors: &mut Errors) -> String {
    let Some(given) = &entity.keys.feature else { return names::feature(&entity.ident) };
    match feature_mistake(&given.value()) {
        None => given.value(),
        mistake => {
            errors.blame_all(given, mistake);
            names::feature(&entity.ident)
        }
    }
}

fn judge_derives(keys: &EntityKeys, errors: &mut Errors) {
    const BUILT_IN: [&str; 4] = ["Debug", "Clone", "Serialize", "Deserialize"];
    let mut known: Vec<&Path> = Vec::new();
    for derive in List::of(keys.derive.as_ref()) {
        let name = derive.segments.last().map(|last| last.ident.unraw().to_string()).unwrap_or_default();
        if BUILT_IN.contains(&name.as_str()) {
            errors.blame(derive, format!("the data derives `{name}` already; remove it"));
        } else if known.contains(&derive) {
            errors.blame(derive, format!("`{name}` is derived twice; keep one"));
        }
        known.push(derive);
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
