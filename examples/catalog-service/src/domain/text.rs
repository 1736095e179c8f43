//! The rule for short texts.

use super::value::InvalidValue;

/// Trims a text, and checks that it is one line of 1 to `most` characters.
pub(super) fn short(field: &'static str, text: &str, most: usize) -> Result<String, InvalidValue> {
    let text = text.trim();
    let length = text.chars().count();
    let problem = match length {
        0 => "it is empty; give it a text".to_owned(),
        _ if length > most => format!("it has {length} characters; use up to {most}"),
        _ if text.contains(char::is_control) => "it has control characters; use one line of text".to_owned(),
        _ => return Ok(text.to_owned()),
    };
    Err(InvalidValue { field, problem })
}
