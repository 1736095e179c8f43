//! An event as what Kafka stores: topic, key, headers and bytes.

use std::cell::Cell;

use uuid::Uuid;

use crate::error::{ErrorKind, PublishError};
use crate::event::{DeletePolicy, Event};
use crate::event_type;
use crate::headers::{Headers, VERSION};
use crate::telemetry::{Message, TRACEPARENT, TRACESTATE, TraceContext};
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

/// What an event becomes: one record, or two if a deletion is followed by a tombstone. Each with its span.
#[derive(Debug)]
pub(crate) struct Records<'a, S> {
    pub(crate) record: Record<'a>,
    #[cfg_attr(not(feature = "kafka"), allow(dead_code, reason = "an example has none"))]
    pub(crate) span: S,
    #[cfg_attr(not(feature = "kafka"), allow(dead_code, reason = "an example is the event"))]
    pub(crate) tombstone: Option<(Record<'a>, S)>,
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
pub(crate) const SOMETIMES: [&str; 3] = ["ce_causationid", TRACEPARENT, TRACESTATE];

thread_local! {
    /// Each thread reuses one buffer.
    static BUFFER: Cell<RecordBuffer> = Cell::default();
}

/// Encodes an event, and lends its records. `begin` begins the span of each, and returns the trace context that it carries.
pub(crate) fn encoded<E: Event, S, R>(
    topic: &str,
    event: &E,
    begin: impl Fn(&Message<'_>) -> (S, Option<TraceContext>),
    borrow: impl FnOnce(Records<'_, S>) -> R,
) -> Result<R, PublishError> {
    let mut buffer = BUFFER.take();
    let result = buffer.encode(topic, event, begin).map(borrow);
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
    fn encode<'a, E: Event, S>(
        &'a mut self,
        topic: &'a str,
        event: &E,
        begin: impl Fn(&Message<'_>) -> (S, Option<TraceContext>),
    ) -> Result<Records<'a, S>, PublishError> {
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
        let message = Message {
            topic,
            key: &self.key,
            id: event.id(),
            event_type: event.event_type(),
            correlation_id: event.metadata().correlation_id,
            tombstone: policy == DeletePolicy::Tombstone,
        };
        let (span, context) = begin(&message);
        write_headers(&mut self.headers, event, &message, context.as_ref())?;
        let mut second = None;
        if policy == DeletePolicy::EventThenTombstone {
            let message = Message { id: tombstone_id(event), tombstone: true, ..message };
            let (span, context) = begin(&message);
            write_headers(&mut self.tombstone, event, &message, context.as_ref())?;
            second = Some((message.id, span));
        }
        let key = self.key.as_str();
        let value = Some(self.value.as_slice()).filter(|_| policy != DeletePolicy::Tombstone);
        Ok(Records {
            record: Record { id: event.id(), topic, key, value, headers: &self.headers },
            span,
            tombstone: second
                .map(|(id, span)| (Record { id, topic, key, value: None, headers: &self.tombstone }, span)),
        })
    }

    /// Frees the memory of an unusually large event.
    fn shrink(&mut self) {
        if self.value.capacity() + self.key.capacity() + self.headers.capacity() > KEPT {
            *self = Self::default();
        }
    }
}

/// The headers of `CloudEvents` 1.0 in Kafka's binary mode, the trace context, then those of the entity.
fn write_headers<E: Event>(
    headers: &mut Headers,
    event: &E,
    message: &Message<'_>,
    context: Option<&TraceContext>,
) -> Result<(), PublishError> {
    let &Message { key, id, .. } = message;
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
    if let Some(context) = context {
        headers.push_parts(TRACEPARENT, &[context.traceparent()]);
        if !context.tracestate().is_empty() {
            headers.push_parts(TRACESTATE, &[context.tracestate()]);
        }
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
