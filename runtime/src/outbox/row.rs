//! An event as a row of the outbox table.

use std::fmt;

use uuid::Uuid;

use crate::error::{ErrorKind, PublishError};
use crate::event::Event;
use crate::headers;
use crate::kafka::FallbackRecord;
use crate::record::{Record, Records, encoded};
use crate::telemetry::{Message, MessageSpan, Operation, Source, error_type};

/// A record to be inserted into `outbox_event`: one for each event, and two for a deletion followed by a tombstone.
///
/// For drivers other than sqlx: bind the getters in the order of [`INSERT_POSTGRES`](super::INSERT_POSTGRES), in the
/// transaction that changes the entity, after the statement that changes it. Examples with SeaORM, tokio-postgres and
/// diesel-async are in `tests/drivers/` of the repository.
///
/// `Debug` shows neither the payload nor the headers, and the key only if
/// [`KafkaConfig::log_keys`](crate::kafka::KafkaConfig::log_keys) is set.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxRow {
    id: Uuid,
    aggregate_type: &'static str,
    aggregate_id: String,
    event_type: &'static str,
    payload: Option<String>,
    topic: String,
    headers: String,
    /// The event, if this is the tombstone that follows it.
    event_id: Uuid,
    shows_key: bool,
}

impl OutboxRow {
    /// Returns the id of the record, which consumers see as `ce_id`: that of the event, or one derived from it for a tombstone
    /// that follows its event. Column `id`.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Returns the entity's feature, such as `product`. Column `aggregatetype`.
    #[must_use]
    pub fn aggregate_type(&self) -> &'static str {
        self.aggregate_type
    }

    /// Returns the partition key. Column `aggregateid`.
    #[must_use]
    pub fn aggregate_id(&self) -> &str {
        &self.aggregate_id
    }

    /// Returns the event's type, such as `ProductCreated`. Column `type`.
    #[must_use]
    pub fn event_type(&self) -> &'static str {
        self.event_type
    }

    /// Returns the record's value, JSON text; `None` is a tombstone. Column `payload`.
    #[must_use]
    pub fn payload(&self) -> Option<&str> {
        self.payload.as_deref()
    }

    /// Returns the topic. Column `topic`.
    #[must_use]
    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// Returns the record's headers: the text of a JSON object whose values are strings, in the order in which they are sent.
    /// Column `headers`.
    #[must_use]
    pub fn headers(&self) -> &str {
        &self.headers
    }

    /// The id of the event that the row belongs to.
    pub(super) fn event_id(&self) -> Uuid {
        self.event_id
    }

    /// The partition key, if logs may contain it.
    pub(super) fn key_to_show(&self) -> Option<&str> {
        self.shows_key.then_some(&self.aggregate_id)
    }
}

impl fmt::Debug for OutboxRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutboxRow")
            .field("id", &self.id)
            .field("aggregate_type", &self.aggregate_type)
            .field("aggregate_id", &self.key_to_show().unwrap_or("<hidden>"))
            .field("event_type", &self.event_type)
            .field("topic", &self.topic)
            .finish_non_exhaustive()
    }
}

impl OutboxRow {
    /// The row of a record that Kafka did not take.
    pub(super) fn of_fallback(record: &FallbackRecord, shows_key: bool) -> Self {
        Self {
            id: record.id,
            aggregate_type: record.feature,
            aggregate_id: record.key.key.clone(),
            event_type: record.event_type,
            payload: record.value.clone(),
            topic: record.key.topic.clone(),
            headers: record.headers.clone(),
            event_id: record.event_id,
            shows_key,
        }
    }
}

/// The limits of a row, from the configuration.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowLimits {
    /// `message.max.bytes`: librdkafka sends nothing larger.
    pub(super) bytes: usize,
    pub(super) log_keys: bool,
}

/// The rows of an event, one or two, and their spans.
#[derive(Debug)]
pub(super) struct EventRows {
    pub(super) rows: (OutboxRow, Option<OutboxRow>),
    pub(super) spans: Spans,
}

/// The spans of an event's rows, which end with its insertion.
#[derive(Debug)]
pub(super) struct Spans(MessageSpan, Option<MessageSpan>);

impl Spans {
    /// Ends them with a failure.
    pub(super) fn failed(self, error: &PublishError) {
        let error_type = error_type(error);
        [Some(self.0), self.1].into_iter().flatten().for_each(|span| span.failed(error_type));
    }
}

/// Encodes an event into its rows.
pub(super) fn rows<E: Event>(
    topic: &str,
    event: &E,
    source: &Source,
    limits: RowLimits,
) -> Result<EventRows, PublishError> {
    let begin = |message: &Message<'_>| source.begin(Operation::Create, message);
    encoded(topic, event, begin, |Records { record, span, tombstone }| {
        let (tombstone, second) = tombstone.unzip();
        let spans = Spans(span, second);
        let row = |record: &Record<'_>| row(record, event, limits);
        let both = row(&record).and_then(|first| Ok((first, tombstone.as_ref().map(row).transpose()?)));
        match both {
            Ok(rows) => Ok(EventRows { rows, spans }),
            Err(error) => {
                spans.failed(&error);
                Err(error)
            }
        }
    })?
}

fn row<E: Event>(record: &Record<'_>, event: &E, limits: RowLimits) -> Result<OutboxRow, PublishError> {
    let bytes = size(record);
    if bytes > limits.bytes {
        let text = format!(
            "`{}` was not written to the outbox: it is too large ({bytes} bytes, and `producer.message_max_bytes` is {}); make the \
             event smaller, or raise the topic's `max.message.bytes` and `producer.message_max_bytes`",
            event.event_type(),
            limits.bytes
        );
        return Err(PublishError::new(ErrorKind::Permanent, text).with_unpublished([event.id()]));
    }
    Ok(OutboxRow {
        id: record.id,
        aggregate_type: E::FEATURE,
        aggregate_id: record.key.to_owned(),
        event_type: event.event_type(),
        // What was written as JSON is UTF-8.
        payload: record.value.map(|value| String::from_utf8_lossy(value).into_owned()),
        topic: record.topic.to_owned(),
        headers: headers::as_json(record.headers.iter()),
        event_id: event.id(),
        shows_key: limits.log_keys,
    })
}

/// The size that librdkafka compares with `message.max.bytes`: an upper bound of the record on the wire.
fn size(record: &Record<'_>) -> usize {
    const RECORD: usize = 36;
    const HEADER: usize = 10;
    let headers = record.headers.iter().map(|(name, value)| HEADER + name.len() + value.len());
    RECORD + record.key.len() + record.value.map_or(0, <[u8]>::len) + headers.sum::<usize>()
}
