//! Delivery reports: where each record's outcome arrives, is logged and accounted for.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rdkafka::client::{ClientContext, OAuthToken};
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::message::{BorrowedMessage, DeliveryResult, Headers, Message};
use rdkafka::producer::ProducerContext;
use rdkafka::statistics::Statistics;
use uuid::Uuid;

use super::errors::classify;
use super::lane::Lane;
use super::report::LostEvent;
use super::rescue::{HandedBack, Rescued};
use super::ticket::{Slip, Ticket};
use crate::error::{ErrorKind, PublishError};

/// What one producer calls back, on the thread that polls it.
#[derive(Debug)]
pub(super) struct Deliveries {
    lane: Arc<Lane>,
    /// After a fatal error.
    broken: AtomicBool,
    /// When its producer is on the way out.
    let_go: AtomicBool,
    pub(super) handed_back: HandedBack,
}

impl Deliveries {
    pub(super) fn new(lane: Arc<Lane>) -> Self {
        Self {
            lane,
            broken: AtomicBool::new(false),
            let_go: AtomicBool::new(false),
            handed_back: HandedBack::default(),
        }
    }

    /// Their producer is about to be dropped, which waits for the thread that polls it.
    pub(super) fn let_go(&self) {
        self.let_go.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_let_go(&self) -> bool {
        self.let_go.load(Ordering::SeqCst)
    }

    /// A fatal error: the next producer takes over.
    fn has_broken(&self) {
        self.broken.store(true, Ordering::SeqCst);
        self.lane.broken(self);
    }

    /// Whether a failed record goes to the next producer.
    fn rescues(&self, error: &KafkaError) -> bool {
        if self.lane.is_giving_up() {
            return false;
        }
        match error.rdkafka_error_code().map(|code| (code, classify(code).0)) {
            // Not written: refused because the cluster has lost track of this producer, or purged, which librdkafka does by
            // itself for no other reason, and sometimes before it tells of it.
            Some((Code::PurgeQueue, _) | (_, ErrorKind::Fatal)) => {
                self.has_broken();
                true
            }
            Some((_, ErrorKind::Unknown)) => {
                self.lane.resends_unknown() && self.broken.load(Ordering::SeqCst)
            }
            _ => false,
        }
    }
}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = Box<Slip>;

    fn delivery(&self, result: &DeliveryResult<'_>, slip: Box<Slip>) {
        let ticket = &slip.ticket;
        match result {
            Ok(message) => {
                if tracing::enabled!(tracing::Level::INFO) {
                    ticket.span.in_scope(|| log_delivered(message));
                }
                self.lane.cluster.condition.delivered();
                self.lane.ledger.delivered();
                ticket.close();
            }
            Err((error, message)) if self.rescues(error) => {
                self.handed_back.push(Rescued::from_message(message, *slip));
            }
            Err((error, message)) => {
                let key = message.key().unwrap_or_default();
                settle_lost(&self.lane, error.clone(), message.topic(), key, message.headers(), ticket);
            }
        }
    }
}

impl ClientContext for Deliveries {
    /// Without effect but for `OAUTHBEARER`.
    const ENABLE_REFRESH_OAUTH_TOKEN: bool = true;

    fn generate_oauth_token(&self, _: Option<&str>) -> Result<OAuthToken, Box<dyn Error>> {
        let tokens = self.lane.tokens.as_ref().ok_or("there is no `oauth_token`")?;
        tokens.token(|| self.lane.serve(self)).map_err(|error| error as Box<dyn Error>)
    }

    /// librdkafka's own log. Its errors heal more often than not, and what does not is told by [`Self::error`].
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        match level {
            // Comes by `error` as well, and there the repetitions are told from the news.
            RDKafkaLogLevel::Error if facility == "FAIL" => {
                tracing::debug!(target: "librdkafka", facility, "{message}");
            }
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error
            | RDKafkaLogLevel::Warning => tracing::warn!(target: "librdkafka", facility, "{message}"),
            RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => {
                tracing::info!(target: "librdkafka", facility, "{message}");
            }
            RDKafkaLogLevel::Debug => tracing::debug!(target: "librdkafka", facility, "{message}"),
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.lane.cluster.complaint(&error, reason);
        if error.rdkafka_error_code().is_some_and(|code| classify(code).0 == ErrorKind::Fatal) {
            self.has_broken();
        }
    }

    fn stats(&self, statistics: Statistics) {
        self.lane.cluster.statistics.store(Some(Arc::new(statistics)));
    }
}

/// A rescued record that no producer took.
pub(super) fn lose(lane: &Lane, record: &Rescued, error: KafkaError) {
    settle_lost(lane, error, &record.topic, &record.key, Some(&record.headers), &record.slip.ticket);
}

fn settle_lost(
    lane: &Lane,
    error: KafkaError,
    topic: &str,
    key: &[u8],
    headers: Option<&impl Headers>,
    ticket: &Ticket,
) {
    let error = match error.rdkafka_error_code() {
        // librdkafka knows which it was, but does not tell: the answer that promises less.
        Some(Code::PurgeQueue) if lane.may_have_tried() => KafkaError::MessageProduction(Code::PurgeInflight),
        _ => error,
    };
    if error.rdkafka_error_code() == Some(Code::MessageTimedOut) {
        lane.cluster.condition.timed_out(&lane.cluster.servers);
    }
    let error = lane.cluster.error(error, topic);
    let event = header(headers, "ce_id").and_then(|id| Uuid::parse_str(id).ok());
    let key = String::from_utf8_lossy(key).into_owned();
    let lost = lost(event.unwrap_or_default(), event_type(headers), topic, key, &error);
    ticket.span.in_scope(|| lane.ledger.lose(lost));
    ticket.fail(event, || error);
    ticket.close();
}

fn log_delivered(message: &BorrowedMessage<'_>) {
    tracing::info!(
        event_id = header(message.headers(), "ce_id").unwrap_or_default(),
        event_type = event_type(message.headers()),
        topic = message.topic(),
        partition = message.partition(),
        offset = message.offset(),
        "event published"
    );
}

/// The event's type without the prefix of the CloudEvents `type`: a Rust name has no dots.
fn event_type(headers: Option<&impl Headers>) -> &str {
    let full = header(headers, "ce_type").unwrap_or_default();
    full.rsplit('.').next().unwrap_or(full)
}

fn header<'a>(headers: Option<&'a impl Headers>, name: &str) -> Option<&'a str> {
    let found = headers?.iter().find(|header| header.key == name)?;
    found.value.and_then(|value| std::str::from_utf8(value).ok())
}

/// An entry for the books.
pub(super) fn lost(id: Uuid, event_type: &str, topic: &str, key: String, error: &PublishError) -> LostEvent {
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
