//! One librdkafka producer of the relay, and its callbacks.

use std::error::Error;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::client::{ClientContext, OAuthToken};
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, DeliveryResult, Headers as _, Message as _, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _, ProducerContext, PurgeConfig};

use super::headers::headers;
use super::verdict::Verdict;
use super::{Outcome, Parcel, Shared};
use crate::guard::{guard, log, unlogged};
use crate::headers::as_json;
use crate::kafka::PUBLISHED;
use crate::kafka::cluster::log_librdkafka;
use crate::telemetry::{MessageSpan, Place, Source, error_type_of};

#[derive(Clone)]
pub(super) struct Client(Arc<BaseProducer<Deliveries>>);

/// Why librdkafka did not take a record.
pub(super) enum SendError {
    Headers(serde_json::Error),
    Kafka(KafkaError),
}

impl From<KafkaError> for SendError {
    fn from(error: KafkaError) -> Self {
        Self::Kafka(error)
    }
}

impl Client {
    /// Creates a client, on request one that sends each record in a batch of its own.
    pub(super) fn new(config: &ClientConfig, shared: &Arc<Shared>, alone: bool) -> Result<Self, KafkaError> {
        let mut config = config.clone();
        if alone {
            config.set("batch.num.messages", "1");
        }
        let context = Deliveries { shared: Arc::downgrade(shared), client: OnceLock::new(), alone };
        let client = Arc::new(unlogged(|| config.create_with_context::<_, BaseProducer<_>>(context))?);
        let _ = client.client().context().client.set(Arc::downgrade(&client));
        Ok(Self(client))
    }

    pub(super) fn send(&self, number: usize, parcel: &Parcel, shared: &Shared) -> Result<(), SendError> {
        let headers = headers(&parcel.headers).map_err(SendError::Headers)?;
        // Before the record: its outcome may come at once.
        shared.spans.add(number, span(&shared.source, parcel, &headers));
        let mut record = BaseRecord::with_opaque_to(&parcel.topic, number).key(&parcel.key).headers(headers);
        record.payload = parcel.value.as_deref();
        self.0.send(record).map_err(|(error, _)| {
            if let Some(span) = shared.spans.take(number) {
                span.failed(error_type_of(&error));
            }
            SendError::Kafka(error)
        })
    }

    /// Serves librdkafka for up to `limit`; callbacks run here.
    pub(super) fn poll(&self, limit: Duration) {
        unlogged(|| self.0.poll(limit));
    }

    /// The number of records it has, including outcomes that were not polled yet.
    pub(super) fn queued(&self) -> usize {
        self.0.in_flight_count().try_into().unwrap_or_default()
    }

    pub(super) fn purge(&self) {
        self.0.purge(PurgeConfig::default().queue().inflight());
    }

    pub(super) fn is_broken(&self) -> bool {
        self.0.client().fatal_error().is_some()
    }
}

/// A client's callbacks, which run on the courier's thread.
pub(super) struct Deliveries {
    /// Weak, since the courier holds the client.
    shared: Weak<Shared>,
    /// The client that these callbacks belong to.
    client: OnceLock<Weak<BaseProducer<Deliveries>>>,
    alone: bool,
}

impl ProducerContext for Deliveries {
    /// The number of the record.
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, number: usize) {
        let Some(shared) = self.shared.upgrade() else { return };
        let outcome = match result {
            Ok(_) => Outcome::Delivered(number),
            Err((error, message)) => {
                let mut failure = shared.verdict(error, message.topic());
                if failure.verdict == Verdict::Record && !self.alone {
                    failure.in_batch = parcel(message).map(Box::new);
                }
                Outcome::Failed(number, failure)
            }
        };
        // Taken before the outcome is reported: then the number is given to another record.
        let span = shared.spans.take(number);
        // Nothing below may cost the relay an outcome.
        shared.report(outcome);
        if let Ok(message) = result {
            shared.cluster.condition.delivered();
            log_delivered(message);
        }
        if let Some(span) = span {
            self.end(span, result, &shared.source);
        }
    }
}

impl Deliveries {
    fn end(&self, span: MessageSpan, result: &DeliveryResult<'_>, source: &Source) {
        match result {
            Ok(message) => {
                let client = self.client.get().and_then(Weak::upgrade);
                source.learn_cluster_id(|| client?.client().fetch_cluster_id(Duration::ZERO));
                span.delivered(Place { partition: message.partition(), offset: message.offset() });
            }
            Err((error, _)) => span.failed(error_type_of(error)),
        }
    }
}

/// Begins the span of a record, linked to the one that created it.
fn span(source: &Source, parcel: &Parcel, headers: &OwnedHeaders) -> MessageSpan {
    let header = |name: &str| {
        let value = headers.iter().find(|header| header.key == name)?.value?;
        std::str::from_utf8(value).ok()
    };
    source.relayed(&parcel.topic, &parcel.key, parcel.value.is_none(), header)
}

/// The record as it was sent.
fn parcel(message: &BorrowedMessage<'_>) -> Option<Parcel> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = message.headers()?;
    let headers = headers.iter().map(|header| {
        (header.key, std::str::from_utf8(header.value.unwrap_or_default()).unwrap_or_default())
    });
    Some(Parcel {
        topic: message.topic().to_owned(),
        key: text(message.key().unwrap_or_default()),
        value: message.payload().map(text),
        headers: as_json(headers),
    })
}

fn log_delivered(message: &BorrowedMessage<'_>) {
    log(|| {
        if !tracing::enabled!(target: PUBLISHED, tracing::Level::INFO) {
            return;
        }
        let header = |name: &str| {
            let header = message.headers()?.iter().find(|header| header.key == name)?;
            std::str::from_utf8(header.value?).ok()
        };
        let (event_id, event_type) = (header("ce_id"), header("ce_type"));
        let (topic, partition, offset) = (message.topic(), message.partition(), message.offset());
        tracing::info!(target: PUBLISHED, event_id, event_type, topic, partition, offset, "event published");
    });
}

impl ClientContext for Deliveries {
    /// Has an effect only with `OAUTHBEARER`.
    const ENABLE_REFRESH_OAUTH_TOKEN: bool = true;

    fn generate_oauth_token(&self, _: Option<&str>) -> Result<OAuthToken, Box<dyn Error>> {
        let shared = self.shared.upgrade().ok_or("the relay is gone")?;
        let tokens = shared.tokens.as_ref().ok_or("`oauth_token` is not set")?;
        let meanwhile = || {
            let client = self.client.get().and_then(Weak::upgrade);
            client.is_some_and(|client| {
                Client(client).poll(Duration::from_millis(5));
                !shared.stopping.load(SeqCst)
            })
        };
        guard(|| tokens.token(meanwhile))
            .unwrap_or_else(|| Err("fetching a token panicked".into()))
            .map_err(|error| error as Box<dyn Error>)
    }

    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log_librdkafka(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        // What happens to the brokers after the end is nobody's business.
        if let Some(shared) = self.shared.upgrade().filter(|shared| !shared.stopping.load(SeqCst)) {
            guard(|| shared.cluster.on_error(&error, reason));
        }
    }
}
