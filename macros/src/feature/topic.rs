//! Kafka's rule for the name of a topic.

/// What is wrong with `topic`, and what to do.
pub fn mistake(topic: &str) -> Option<String> {
    let illegal = topic.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-'));
    match (topic, illegal) {
        ("", _) => Some(
            "a topic cannot be empty; write `topic = \"int.product-update.event\"`, or remove the key"
                .to_owned(),
        ),
        ("." | "..", _) => Some(format!("Kafka has no topic `{topic}`; write more than dots")),
        (_, Some(illegal)) => {
            Some(format!("a topic cannot hold {}; use letters, digits, `.`, `_` and `-`", shown(illegal)))
        }
        _ if topic.len() > 249 => Some(format!(
            "a topic has at most 249 bytes, and this one has {}; write a shorter `topic = \"..\"`",
            topic.len()
        )),
        _ => None,
    }
}

/// A character in a message.
pub fn shown(character: char) -> String {
    match character {
        ' ' => "a space".to_owned(),
        other => format!("`{}`", other.escape_debug()),
    }
}
