//! Reads the topics.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use entity_events::Topics as _;
use entity_events::kafka::ConfigError;
use entity_events::telemetry::trace_context_of;
use rdkafka::ClientConfig;
use rdkafka::consumer::{Consumer as _, StreamConsumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use tracing::{Instrument as _, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::handler::Handler;
use super::inbox::{Inbox, Message, Outcome};
use crate::config::KafkaConfig;
use crate::infrastructure::kafka::Quiet;

/// How long to wait before a record is handled again.
const PAUSE: Duration = Duration::from_millis(500);

/// How long leaving the group may take.
const LEAVE: Duration = Duration::from_secs(5);

type Reader = StreamConsumer<Quiet>;

/// What became of all records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Handled.
    pub handled: u64,
    /// Dropped, since they were handled before.
    pub duplicates: u64,
    /// Left alone: types and versions of others, and tombstones.
    pub left_alone: u64,
    /// Skipped, since they cannot be read. Alert on these.
    pub broken: u64,
}

/// The error returned if the topics cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ConsumeError {
    /// The configuration cannot work.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// librdkafka refuses it.
    #[error("the consumer cannot be created: {0}")]
    Kafka(#[from] KafkaError),
}

/// Reads the topics as a member of a group, until `stop` is ready. Brokers that are away, and topics that are not there yet, are waited for.
///
/// # Errors
///
/// The configuration cannot work.
pub async fn run(
    config: &KafkaConfig,
    group: &str,
    handler: &mut dyn Handler,
    stop: impl Future<Output = ()>,
) -> Result<Counts, ConsumeError> {
    let mut properties: ClientConfig = config.client_properties()?.into_iter().collect();
    properties.set("group.id", group).set("auto.offset.reset", "earliest");
    // librdkafka commits every five seconds what was stored, and that is after it was handled.
    properties.set("enable.auto.offset.store", "false");
    let topics = config.prefixed_topics();
    let reader: Reader = properties.create_with_context(Quiet)?;
    let names: Vec<_> = topics.fields().into_iter().map(|(_, topic)| topic).collect();
    reader.subscribe(&names)?;

    let (mut inbox, mut counts, mut stop) = (Inbox::new(topics.clone()), Counts::default(), pin!(stop));
    loop {
        let message = tokio::select! {
            () = &mut stop => break,
            message = reader.recv() => message,
        };
        match message {
            Ok(message) => {
                let done =
                    handle(&mut inbox, &message, handler, &mut counts).instrument(span(&message, group));
                tokio::select! {
                    () = &mut stop => break, // it was not handled, and comes again
                    () = done => {}
                }
                if let Err(error) = reader.store_offset_from_message(&message) {
                    tracing::debug!(%error, "the partition is another consumer's by now");
                }
            }
            // One for each attempt of each connection: a pause after each would delay the records behind them.
            Err(error) => tracing::debug!(%error, "waiting for Kafka"),
        }
    }
    // It commits what was handled, and leaves the group, so that another member takes over at once. All of that blocks a thread, for
    // longer if brokers are away: what is not committed then comes again.
    let left = spawn_blocking(move || drop(reader));
    if timeout(LEAVE, left).await.is_err() {
        tracing::warn!(after = ?LEAVE, "the group was not left; the next member waits for `session.timeout.ms`");
    }
    Ok(counts)
}

/// Part of the trace that its publisher was in, as OpenTelemetry's conventions for messaging name it.
fn span(message: &BorrowedMessage<'_>, group: &str) -> Span {
    let topic = message.topic();
    let span = tracing::info_span!(
        "process",
        otel.name = %format_args!("process {topic}"),
        otel.kind = "consumer",
        messaging.system = "kafka",
        messaging.operation.name = "process",
        messaging.operation.type = "process",
        messaging.destination.name = topic,
        messaging.destination.partition.id = %message.partition(),
        messaging.kafka.offset = message.offset(),
        messaging.consumer.group.name = group,
    );
    if let Some(context) = trace_context_of(headers(message)) {
        let _ = span.set_parent((&context).into()); // it fails if nobody records traces
    }
    span
}

fn headers<'a>(message: &'a BorrowedMessage<'_>) -> Vec<(&'a str, &'a [u8])> {
    let all = message.headers().into_iter().flat_map(|headers| headers.iter());
    all.filter_map(|header| Some((header.key, header.value?))).collect()
}

/// Handles one record, as often as it takes.
async fn handle(
    inbox: &mut Inbox,
    message: &BorrowedMessage<'_>,
    handler: &mut dyn Handler,
    counts: &mut Counts,
) {
    let headers = headers(message);
    let record = Message { topic: message.topic(), value: message.payload(), headers: &headers };
    let (partition, offset) = (message.partition(), message.offset());
    let outcome = loop {
        match inbox.receive(record, handler).await {
            Ok(outcome) => break outcome,
            Err(error) => {
                tracing::warn!(partition, offset, %error, "a change could not be handled; trying again");
                sleep(PAUSE).await;
            }
        }
    };
    match outcome {
        Outcome::Handled => counts.handled += 1,
        Outcome::Duplicate => counts.duplicates += 1,
        Outcome::Broken(reason) => {
            counts.broken += 1;
            tracing::error!(partition, offset, reason, "record skipped");
        }
        Outcome::UnknownType(name) => {
            counts.left_alone += 1;
            tracing::info!(partition, offset, name, "event of an unknown type left alone");
        }
        Outcome::UnknownVersion(version) => {
            counts.left_alone += 1;
            tracing::warn!(partition, offset, version, "event of an unknown version left alone");
        }
        Outcome::Tombstone => counts.left_alone += 1,
    }
}
