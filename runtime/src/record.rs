//! An event as what Kafka stores: topic, key, headers and bytes.

use uuid::Uuid;

use crate::error::{ErrorKind, PublishError};
use crate::event::{DeletePolicy, Event};
use crate::headers::Headers;
use crate::time;

/// One record, borrowed from the buffer that it was encoded into.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    pub(crate) topic: &'a str,
    pub(crate) key: &'a str,
    /// `None` is a tombstone.
    pub(crate) value: Option<&'a [u8]>,
    pub(crate) headers: &'a Headers,
}

/// The buffer that events are encoded into, one after the other, without allocating anew.
#[derive(Debug, Default)]
pub(crate) struct RecordBuffer {
    key: String,
    value: Vec<u8>,
    headers: Headers,
}

impl RecordBuffer {
    /// Encodes an event and hands each of its records to `send`: one, or two where a deletion is followed by a
    /// tombstone. Stops at the first error.
    pub(crate) fn encode<E: Event>(
        &mut self,
        topic: &str,
        event: &E,
        mut send: impl FnMut(Record<'_>) -> Result<(), PublishError>,
    ) -> Result<(), PublishError> {
        self.key.clear();
        event.write_key(&mut self.key);
        // Several empty fields leave their separators.
        if self.key.trim_matches(':').is_empty() {
            return Err(refused(event, "its partition key is empty; fill the entity's key field"));
        }
        let tombstones = if event.is_deletion() { E::DELETE } else { DeletePolicy::Event };
        if tombstones != DeletePolicy::Tombstone {
            self.value.clear();
            serde_json::to_writer(&mut self.value, event)
                .map_err(|e| refused(event, "it cannot be written as JSON").with_source(e))?;
            self.write_headers(event, event.id())?;
            send(Record { topic, key: &self.key, value: Some(&self.value), headers: &self.headers })?;
        }
        if tombstones != DeletePolicy::Event {
            self.write_headers(event, tombstone_id(event))?;
            send(Record { topic, key: &self.key, value: None, headers: &self.headers })?;
        }
        Ok(())
    }

    /// The headers of `CloudEvents` 1.0 in Kafka's binary mode, then those of the entity.
    fn write_headers<E: Event>(&mut self, event: &E, id: Uuid) -> Result<(), PublishError> {
        let (key, headers) = (self.key.as_str(), &mut self.headers);
        let metadata = event.metadata();
        let mut text = Uuid::encode_buffer();
        let (prefix, dot) = if E::TYPE_PREFIX.is_empty() { ("", "") } else { (E::TYPE_PREFIX, ".") };
        headers.clear();
        headers.push_parts("content-type", &["application/json"]);
        headers.push_parts("ce_specversion", &["1.0"]);
        headers.push_parts("ce_id", &[id.hyphenated().encode_lower(&mut text)]);
        headers.push_parts("ce_source", &["/", E::SOURCE]);
        headers.push_parts("ce_type", &[prefix, dot, event.event_type()]);
        time::with_text(event.timestamp(), |time| headers.push_parts("ce_time", &[time]));
        headers.push_parts("ce_subject", &[key]);
        let correlation_id = metadata.correlation_id.hyphenated();
        headers.push_parts("ce_correlationid", &[correlation_id.encode_lower(&mut text)]);
        if let Some(cause) = metadata.causation_id {
            headers.push_parts("ce_causationid", &[cause.hyphenated().encode_lower(&mut text)]);
        }
        let ours = headers.iter().len();
        event.write_headers(headers);
        // What we write ourselves is well-formed, but for the key.
        let mut theirs = headers.iter().skip(ours).chain([("ce_subject", key)]);
        match theirs.find(|(_, value)| value.contains(char::is_control)) {
            Some((name, _)) => {
                Err(refused(event, &format!("header `{name}` holds a control character; remove it")))
            }
            None => Ok(()),
        }
    }
}

/// The id of the tombstone: stable, so that consumers can drop a repeated one, and the event's own unless the
/// event itself is sent too.
fn tombstone_id<E: Event>(event: &E) -> Uuid {
    match E::DELETE {
        DeletePolicy::EventThenTombstone => Uuid::new_v5(&event.id(), b"tombstone"),
        DeletePolicy::Event | DeletePolicy::Tombstone => event.id(),
    }
}

fn refused<E: Event>(event: &E, why: &str) -> PublishError {
    PublishError::new(ErrorKind::Permanent, format!("`{}` was not published: {why}", event.event_type()))
        .with_unpublished([event.id()])
}
