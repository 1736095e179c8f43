//! What texts may hold.

/// The first character that is neither ASCII letter nor digit nor one of `also`, as a message shows it.
pub fn illegal(text: &str, also: &str) -> Option<String> {
    let illegal = text.chars().find(|c| !c.is_ascii_alphanumeric() && !also.contains(*c))?;
    Some(if illegal == ' ' { "a space".to_owned() } else { format!("`{}`", illegal.escape_debug()) })
}

/// `text` in lower case, with `other` for what is neither letter nor digit nor one of `also`.
pub fn lower(text: &str, also: &str, other: char) -> String {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || also.contains(c);
    text.to_lowercase().chars().map(|c| if legal(c) { c } else { other }).collect()
}
