//! An event as what Kafka stores: topic, key, headers and bytes.

use std::cell::Cell;

use uuid::Uuid;

use crate::error::{ErrorKind, PublishError};
use crate::event::{DeletePolicy, Event};
use crate::event_type;
use crate::headers::{Headers, VERSION};
use crate::time;

/// One record, borrowed from the buffer that it was encoded into.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    /// The event's, or that of a tombstone that follows it.
    #[cfg_attr(
        not(any(feature = "outbox-postgres", feature = "outbox-sqlite")),
        allow(dead_code, reason = "a column of the outbox")
    )]
    pub(crate) id: Uuid,
    #[cfg_attr(not(feature = "kafka"), allow(dead_code, reason = "an example is on no topic yet"))]
    pub(crate) topic: &'a str,
    pub(crate) key: &'a str,
    /// `None` is a tombstone.
    pub(crate) value: Option<&'a [u8]>,
    pub(crate) headers: &'a Headers,
}

/// What an event becomes: one record, or two if a deletion is followed by a tombstone.
#[derive(Debug)]
pub(crate) struct Records<'a> {
    pub(crate) record: Record<'a>,
    #[cfg_attr(not(feature = "kafka"), allow(dead_code, reason = "an example is the event"))]
    pub(crate) tombstone: Option<Record<'a>>,
}

/// The headers of every record, in their order.
#[cfg(feature = "outbox-postgres")]
pub(crate) const ALWAYS: [&str; 9] = [
    "content-type",
    "ce_specversion",
    "ce_id",
    "ce_source",
    "ce_type",
    "ce_time",
    "ce_subject",
    "ce_correlationid",
    VERSION,
];

/// The headers of some records, behind those; then come the entity's own.
#[cfg(feature = "outbox-postgres")]
pub(crate) const SOMETIMES: [&str; 1] = ["ce_causationid"];

thread_local! {
    /// Each thread reuses one buffer.
    static BUFFER: Cell<RecordBuffer> = Cell::default();
}

/// Encodes an event, and lends its records.
pub(crate) fn encoded<E: Event, R>(
    topic: &str,
    event: &E,
    borrow: impl FnOnce(&Records<'_>) -> R,
) -> Result<R, PublishError> {
    let mut buffer = BUFFER.take();
    let result = buffer.encode(topic, event).map(|records| borrow(&records));
    buffer.shrink();
    BUFFER.set(buffer);
    result
}

/// The buffer that events are encoded into, one after the other, without allocating again.
#[derive(Debug, Default)]
struct RecordBuffer {
    key: String,
    value: Vec<u8>,
    headers: Headers,
    tombstone: Headers,
}

/// The largest value whose memory is kept for the next one.
const KEPT: usize = 256 * 1024;

impl RecordBuffer {
    /// Encodes an event.
    fn encode<'a, E: Event>(&'a mut self, topic: &'a str, event: &E) -> Result<Records<'a>, PublishError> {
        event_type::check(event)?;
        self.key.clear();
        event.write_key(&mut self.key);
        // Several empty fields leave their separators.
        if self.key.trim_matches(':').is_empty() {
            return Err(refused(event, "its partition key is empty; set the entity's key field"));
        }
        let policy = if event.is_deletion() { E::DELETE } else { DeletePolicy::Event };
        if policy != DeletePolicy::Tombstone {
            self.value.clear();
            serde_json::to_writer(&mut self.value, event)
                .map_err(|e| refused(event, "it cannot be written as JSON").with_source(e))?;
        }
        write_headers(&mut self.headers, &self.key, event, event.id())?;
        let tombstone_id = (policy == DeletePolicy::EventThenTombstone).then(|| tombstone_id(event));
        if let Some(id) = tombstone_id {
            write_headers(&mut self.tombstone, &self.key, event, id)?;
        }
        let (key, value) = (self.key.as_str(), Some(self.value.as_slice()));
        Ok(Records {
            record: Record {
                id: event.id(),
                topic,
                key,
                value: value.filter(|_| policy != DeletePolicy::Tombstone),
                headers: &self.headers,
            },
            tombstone: tombstone_id.map(|id| Record {
                id,
                topic,
                key,
                value: None,
                headers: &self.tombstone,
            }),
        })
    }

    /// Frees the memory of an unusually large event.
    fn shrink(&mut self) {
        if self.value.capacity() + self.key.capacity() + self.headers.capacity() > KEPT {
            *self = Self::default();
        }
    }
}

/// The headers of `CloudEvents` 1.0 in Kafka's binary mode, then those of the entity.
fn write_headers<E: Event>(
    headers: &mut Headers,
    key: &str,
    event: &E,
    id: Uuid,
) -> Result<(), PublishError> {
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
    headers.push_parts(VERSION, &[E::VERSION]);
    if let Some(cause) = metadata.causation_id {
        headers.push_parts("ce_causationid", &[cause.hyphenated().encode_lower(&mut text)]);
    }
    let ours = headers.iter().len();
    event.write_headers(headers);
    // What we write ourselves is well-formed, but for the key.
    let mut theirs = headers.iter().skip(ours).chain([("ce_subject", key)]);
    match theirs.find(|(_, value)| value.contains(char::is_control)) {
        Some((name, _)) => {
            Err(refused(event, &format!("header `{name}` contains a control character; remove it")))
        }
        None => Ok(()),
    }
}
/// The id of a tombstone that follows its event: stable, so that consumers can drop a repeated one.
fn tombstone_id<E: Event>(event: &E) -> Uuid {
    Uuid::new_v5(&event.id(), b"tombstone")
}

fn refused<E: Event>(event: &E, why: &str) -> PublishError {
    PublishError::new(ErrorKind::Permanent, format!("`{}` was not published: {why}", event.event_type()))
        .with_unpublished([event.id()])
}
