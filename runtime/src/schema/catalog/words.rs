//! Words for people, made from names and documents.

use super::super::document::{EntityDocument, EventDocument};

/// `ProductPriceChanged` as `Product price changed`.
pub(super) fn sentence(name: &str) -> String {
    let mut sentence = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for c in name.chars() {
        // `APIKey` stays in one piece rather than becoming `A p i key`.
        if c.is_uppercase() && before.is_lowercase() {
            sentence.push(' ');
            sentence.extend(c.to_lowercase());
        } else {
            sentence.push(c);
        }
        before = c;
    }
    sentence
}

/// The CloudEvents `type` of an event.
pub(super) fn cloud_type(entity: &EntityDocument, event: &EventDocument) -> String {
    if entity.type_prefix.is_empty() {
        event.name.to_owned()
    } else {
        format!("{}.{}", entity.type_prefix, event.name)
    }
}

/// What the partition key is.
pub(super) fn key(entity: &EntityDocument) -> String {
    match entity.key.as_slice() {
        [field] => format!("`data.{field}` as text."),
        fields => {
            let fields: Vec<_> = fields.iter().map(|field| format!("`data.{field}`")).collect();
            format!("{} as text, joined by `:`.", and(&fields))
        }
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn and<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<_> = names.iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The first paragraph of a doc comment in one line, if there is one.
pub(super) fn line(docs: &str) -> Option<String> {
    let paragraph = docs.split("\n\n").map(str::trim).find(|paragraph| !paragraph.is_empty())?;
    Some(paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences() {
        assert_eq!(sentence("ProductCreated"), "Product created");
        assert_eq!(sentence("APIKeyPriceChanged"), "APIKey price changed");
    }

    #[test]
    fn lists() {
        assert_eq!(and::<&str>(&[]), "");
        assert_eq!(and(&["a"]), "a");
        assert_eq!(and(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn first_lines() {
        assert_eq!(line("\nA lamp\nor two.\n\nMore."), Some("A lamp or two.".to_owned()));
        assert_eq!(line(" \n\n"), None);
    }
}
