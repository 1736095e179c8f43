//! The headers of a record, collected in one reused buffer.

use std::fmt::{self, Display, Write};
use std::ops::Range;

/// The header that holds [`Event::VERSION`](crate::Event::VERSION).
pub(crate) const VERSION: &str = "ce_version";

/// Returns the version of the event in a record, from its header `ce_version`: [`Event::VERSION`](crate::Event::VERSION) of the
/// code that published it. So a consumer can choose a type, or leave a record alone, before it parses the value.
///
/// Takes headers as any Kafka client has them. `None` if there is no such header, or if it is not UTF-8.
///
/// ```
/// use entity_events::version_of;
///
/// // With rdkafka: message.headers().into_iter().flat_map(|all| all.iter()).filter_map(|h| Some((h.key, h.value?)))
/// let headers = [("ce_type", b"ProductCreated".as_slice()), ("ce_version", b"2.1")];
/// assert_eq!(version_of(headers), Some("2.1"));
/// ```
pub fn version_of<'a>(headers: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Option<&'a str> {
    let (_, value) = headers.into_iter().find(|(name, _)| *name == VERSION)?;
    std::str::from_utf8(value).ok()
}

/// Record headers: lower-case names with UTF-8 values, each name once.
#[derive(Default)]
pub struct Headers {
    entries: Vec<(&'static str, Range<usize>)>,
    text: String,
}

impl Headers {
    /// Adds a header. Publishing refuses the event if the value contains a control character.
    pub fn push(&mut self, name: &'static str, value: &dyn Display) {
        let start = self.text.len();
        // Writing to a `String` cannot fail; if the value's `Display` does, what it wrote so far is kept.
        let _ = write!(self.text, "{value}");
        self.entries.push((name, start..self.text.len()));
    }

    /// Returns the headers in the order in which they were added.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&'static str, &str)> {
        self.entries.iter().map(|(name, range)| (*name, self.text.get(range.clone()).unwrap_or_default()))
    }

    /// Like [`iter`](Self::iter), without the check for `char` boundaries.
    #[cfg(feature = "kafka")]
    pub(crate) fn bytes(&self) -> impl ExactSizeIterator<Item = (&'static str, &[u8])> {
        let text = self.text.as_bytes();
        self.entries.iter().map(|(name, range)| (*name, text.get(range.clone()).unwrap_or_default()))
    }

    /// Adds a header whose value is the concatenation of `parts`, bypassing the formatting machinery.
    #[cfg(any(feature = "kafka", feature = "schema"))]
    pub(crate) fn push_parts(&mut self, name: &'static str, parts: &[&str]) {
        let start = self.text.len();
        for part in parts {
            self.text.push_str(part);
        }
        self.entries.push((name, start..self.text.len()));
    }

    #[cfg(any(feature = "kafka", feature = "schema"))]
    pub(crate) fn capacity(&self) -> usize {
        self.text.capacity()
    }

    #[cfg(any(feature = "kafka", feature = "schema"))]
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.text.clear();
    }
}

/// Headers as the text of a JSON object, in their order.
#[cfg(feature = "kafka")]
pub(crate) fn as_json<N: AsRef<str>, V: AsRef<str>>(headers: impl Iterator<Item = (N, V)>) -> String {
    let mut json = String::with_capacity(512);
    json.push('{');
    for (index, (name, value)) in headers.enumerate() {
        if index > 0 {
            json.push(',');
        }
        // Writing a string as JSON cannot fail.
        json.push_str(&serde_json::to_string(name.as_ref()).unwrap_or_default());
        json.push(':');
        json.push_str(&serde_json::to_string(value.as_ref()).unwrap_or_default());
    }
    json.push('}');
    json
}

/// Names only: header values do not belong in logs.
impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries.iter().map(|(name, _)| name)).finish()
    }
}
