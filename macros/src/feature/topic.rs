//! Kafka's rule for the name of a topic.

use super::text;

/// What is wrong with `topic`, and what to do.
pub fn mistake(topic: &str) -> Option<String> {
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
