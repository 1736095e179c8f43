//! A record as the table stores it.

use rdkafka::message::Headers;
use uuid::Uuid;

use super::super::entry::Name;
use super::super::owned_record::Bytes;
use crate::headers::as_json;

/// The memory that a record takes beyond its text.
const OVERHEAD: usize = 512;

/// The header with the record's own id, which for a tombstone is not that of its event.
const ID: &str = "ce_id";

/// A topic and a partition key in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub(crate) topic: String,
    pub(crate) key: String,
}

impl Key {
    pub(super) fn new(topic: &str, key: &[u8]) -> Self {
        Self { topic: topic.to_owned(), key: text(key) }
    }
}

/// A record that Kafka did not take.
pub struct FallbackRecord {
    pub(crate) key: Key,
    pub(crate) id: Uuid,
    /// That of the event, even if this is the tombstone that follows it.
    pub(crate) event_id: Uuid,
    pub(crate) event_type: &'static str,
    pub(crate) feature: &'static str,
    /// `None` is a tombstone.
    pub(crate) value: Option<String>,
    /// A JSON object of strings, in their order.
    pub(crate) headers: String,
}

impl FallbackRecord {
    pub(super) fn new<H: Headers>(name: Name, bytes: Bytes<'_>, headers: &H) -> Self {
        let headers: Vec<_> = headers
            .iter()
            .map(|header| (header.key.to_owned(), header.value.map(text).unwrap_or_default()))
            .collect();
        let id = headers.iter().find(|(name, _)| name == ID).and_then(|(_, id)| id.parse().ok());
        Self {
            key: Key::new(bytes.topic, bytes.key),
            id: id.unwrap_or(name.id),
            event_id: name.id,
            event_type: name.event_type,
            feature: name.feature,
            value: bytes.value.map(text),
            headers: as_json(headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
        }
    }

    /// Its size in memory.
    pub(super) fn bytes(&self) -> usize {
        let value = self.value.as_ref().map_or(0, String::len);
        OVERHEAD + self.key.topic.len() + self.key.key.len() + value + self.headers.len()
    }
}

/// What this crate has encoded is UTF-8.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use rdkafka::message::{Header, OwnedHeaders};

    use super::*;

    #[test]
    fn a_record_is_stored_as_it_would_have_been_sent() {
        let own = Uuid::new_v4();
        let name = Name { id: Uuid::nil(), event_type: "TickDeleted", feature: "tick" };
        let headers = OwnedHeaders::new()
            .insert(Header { key: "z", value: Some("ä\"") })
            .insert(Header { key: "ce_id", value: Some(&own.to_string()) })
            .insert(Header { key: "a", value: None::<&str> });
        let bytes = Bytes { topic: "t", key: b"7", value: Some(br#"{"b":1.0}"#) };
        let record = FallbackRecord::new(name, bytes, &headers);
        assert_eq!((record.id, record.event_id), (own, Uuid::nil()), "the id of a tombstone is its own");
        assert_eq!((record.key.topic.as_str(), record.key.key.as_str()), ("t", "7"));
        assert_eq!(record.value.as_deref(), Some(r#"{"b":1.0}"#));
        assert_eq!(record.headers, format!(r#"{{"z":"ä\"","ce_id":"{own}","a":""}}"#));
    }
}
