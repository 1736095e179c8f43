//! What `#[topics(..)]` cannot see of an entity that it lists: constants, evaluated by the compiler.

use super::describer::Describer;
use crate::event::{Entity, Event};

/// What an entity says about the topic of its events.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// The default topic.
    pub topic: &'static str,
    /// The name of the publishing service.
    pub source: &'static str,
    /// The names of the entity's own headers.
    pub headers: &'static [&'static str],
    /// [`Event::describe`].
    pub describe: fn(&mut Describer),
}

/// Looks an entity up, and fails the compilation if the field for its events is not named after its feature.
///
/// # Panics
///
/// In that case, which is while compiling.
#[track_caller]
#[must_use]
pub const fn listed<E: Entity>(field: &str, entity: &str) -> Listed {
    let feature = E::FEATURE;
    if !Words::of(&[feature, "_topic"]).is(field) {
        let listed = field.as_bytes().split_at(field.len().saturating_sub("_topic".len())).0;
        let message = Words::of(&["the feature of `", entity, "` is `", feature, "`"])
            .and(&["; list it as `", entity, " as ", feature, "`, or put `#[event(feature = \""])
            .and(&[text(listed), "\")]` on it"]);
        panic!("{}", message.as_str());
    }
    Listed {
        topic: <E::Event as Event>::DEFAULT_TOPIC,
        source: <E::Event as Event>::SOURCE,
        headers: <E::Event as Event>::HEADERS,
        describe: <E::Event as Event>::describe,
    }
}

const fn text(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "..",
    }
}

/// A string that is joined at compile time, without allocating; what does not fit is left out.
struct Words {
    bytes: [u8; 1024],
    length: usize,
}

impl Words {
    const fn of(words: &[&str]) -> Self {
        Self { bytes: [0; 1024], length: 0 }.and(words)
    }

    const fn and(mut self, words: &[&str]) -> Self {
        let mut word = 0;
        while word < words.len() {
            let bytes = words[word].as_bytes();
            if self.length + bytes.len() <= self.bytes.len() {
                let (_, rest) = self.bytes.split_at_mut(self.length);
                rest.split_at_mut(bytes.len()).0.copy_from_slice(bytes);
                self.length += bytes.len();
            }
            word += 1;
        }
        self
    }

    const fn as_str(&self) -> &str {
        text(self.bytes.split_at(self.length).0)
    }

    const fn is(&self, other: &str) -> bool {
        let other = other.as_bytes();
        let mut index = 0;
        while index < self.length && index < other.len() && self.bytes[index] == other[index] {
            index += 1;
        }
        index == self.length && index == other.len()
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn words_are_joined_and_compared() {
        let words = Words::of(&["stock_item", "_topic"]);
        assert_eq!(words.as_str(), "stock_item_topic");
        assert!(words.is("stock_item_topic"));
        for other in ["", "stock_item", "stock_item_topics", "stock_item-topic"] {
            assert!(!words.is(other), "{other}");
        }
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let long = "x".repeat(1020);
        assert_eq!(Words::of(&[&long, "12345", "ab"]).as_str(), format!("{long}ab"));
    }
}
