//! Delivery reports: where each record's outcome arrives, is logged and accounted for.

use std::sync::Arc;

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::message::{BorrowedMessage, DeliveryResult, Headers as _, Message};
use rdkafka::producer::ProducerContext;
use uuid::Uuid;

use super::errors::publish_error;
use super::health::Condition;
use super::ledger::Ledger;
use super::report::LostEvent;
use super::ticket::Ticket;
use crate::error::{ErrorKind, PublishError};

/// What librdkafka calls back, on the thread that polls it.
#[derive(Debug)]
pub(super) struct Deliveries {
    pub(super) ledger: Arc<Ledger>,
    pub(super) condition: Arc<Condition>,
    /// The brokers that were tried.
    pub(super) servers: String,
    pub(super) delivery_timeout: String,
}

impl Deliveries {
    pub(super) fn last_seen(&self) -> String {
        self.condition.last_seen()
    }

    /// A failed record as an error that says what was tried, where and for how long.
    pub(super) fn error(&self, error: KafkaError, topic: &str) -> PublishError {
        let within = match error.rdkafka_error_code() {
            Some(Code::MessageTimedOut) => {
                format!(" within {} ms (`producer.delivery_timeout_ms`)", self.delivery_timeout)
            }
            _ => String::new(),
        };
        let context = format!("at `{}`{within}{}", self.servers, self.last_seen());
        publish_error(error, topic, &context)
    }
}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = Arc<Ticket>;

    fn delivery(&self, result: &DeliveryResult<'_>, ticket: Arc<Ticket>) {
        match result {
            Ok(message) => {
                if tracing::enabled!(tracing::Level::INFO) {
                    ticket.span.in_scope(|| log_delivered(message));
                }
                self.condition.delivered();
                self.ledger.delivered();
            }
            Err((error, message)) => {
                let topic = message.topic();
                let error = self.error(error.clone(), topic);
                let event = header(message, "ce_id").and_then(|id| Uuid::parse_str(id).ok());
                let lost = LostEvent {
                    id: event.unwrap_or_default(),
                    event_type: event_type(message).to_owned(),
                    topic: topic.to_owned(),
                    key: String::from_utf8_lossy(message.key().unwrap_or_default()).into_owned(),
                    kind: error.kind(),
                    error: error.to_string().into(),
                };
                ticket.span.in_scope(|| self.ledger.lose(lost));
                ticket.fail(event, || error);
            }
        }
        ticket.close();
    }
}

impl ClientContext for Deliveries {
    /// librdkafka's own log. Its errors heal more often than not, and what does not is told by [`Self::error`].
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        match level {
            RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical => {
                tracing::error!(target: "librdkafka", facility, "{message}");
            }
            RDKafkaLogLevel::Error | RDKafkaLogLevel::Warning => {
                tracing::warn!(target: "librdkafka", facility, "{message}");
            }
            RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => {
                tracing::info!(target: "librdkafka", facility, "{message}");
            }
            RDKafkaLogLevel::Debug => tracing::debug!(target: "librdkafka", facility, "{message}"),
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.condition.complaint(&error, reason);
    }

    fn stats_raw(&self, statistics: &[u8]) {
        tracing::debug!(target: "librdkafka", statistics = %String::from_utf8_lossy(statistics));
    }
}

fn log_delivered(message: &BorrowedMessage<'_>) {
    tracing::info!(
        event_id = header(message, "ce_id").unwrap_or_default(),
        event_type = event_type(message),
        topic = message.topic(),
        partition = message.partition(),
        offset = message.offset(),
        "event published"
    );
}

/// The event's type without the prefix of the CloudEvents `type`: a Rust name has no dots.
fn event_type<'a>(message: &'a BorrowedMessage<'_>) -> &'a str {
    let full = header(message, "ce_type").unwrap_or_default();
    full.rsplit('.').next().unwrap_or(full)
}

fn header<'a>(message: &'a BorrowedMessage<'_>, name: &str) -> Option<&'a str> {
    let found = message.headers()?.iter().find(|header| header.key == name)?;
    found.value.and_then(|value| std::str::from_utf8(value).ok())
}

/// An event that never reached librdkafka, for the books.
pub(super) fn refused(
    id: Uuid,
    event_type: &str,
    topic: &str,
    key: String,
    error: &PublishError,
) -> LostEvent {
    LostEvent {
        id,
        event_type: event_type.to_owned(),
        topic: topic.to_owned(),
        key,
        kind: error.kind(),
        error: error.to_string().into(),
    }
}

/// The error for everything that comes after `close`.
pub(super) fn closed() -> PublishError {
    PublishError::new(ErrorKind::Permanent, "not published: the service is closed; publish before `close`")
}
