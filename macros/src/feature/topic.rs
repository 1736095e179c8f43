//! Kafka's rule for the name of a topic.

use super::text;
use crate::{attr::Entity, errors::Errors};

/// The topic of the entity's events.
pub fn judge(entity: &Entity, feature: &str, errors: &mut Errors) -> String {
    let Some(given) = &entity.keys.topic else {
        let topic = format!("int.{feature}-update.event");
        let mistake = mistake(&topic);
        let mistake = mistake.map(|_| format!("Kafka has no topic `{topic}`; name one: `topic = \"..\"`"));
        errors.blame_all(&entity.ident, mistake);
        return topic;
    };
    errors.blame_all(given, mistake(&given.value()));
    given.value()
}

/// What is wrong with `topic`, and what to do.
fn mistake(topic: &str) -> Option<String> {
    if let Some(illegal) = text::illegal(topic, "._-") {
        return Some(format!("a topic cannot hold {illegal}; use letters, digits, `.`, `_` and `-`"));
    }
    if topic.chars().all(|c| c == '.') && topic.len() < 3 {
        return Some(format!("Kafka has no topic `{topic}`; write more than dots"));
    }
    (topic.len() > 249).then(|| {
        format!(
            "a topic has at most 249 bytes, and this one has {}; write a shorter `topic = \"..\"`",
            topic.len()
        )
    })
}
