//! One librdkafka producer and its callbacks.

use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::client::{ClientContext, OAuthToken};
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::message::{BorrowedMessage, DeliveryResult, Message as _, OwnedHeaders};
use rdkafka::metadata::Metadata;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _, ProducerContext, PurgeConfig};

use super::entry::{Entry, Name};
use super::owned_record::{Bytes, OwnedRecord, Unsent};
use super::pending::Pending;
use super::route::Reason;
use super::shared::Shared;
use super::ticket::Ticket;
use crate::error::ErrorKind;
use crate::guard::{guard, log, unlogged};
use crate::kafka::PUBLISHED;
use crate::kafka::cluster::{classify, has_lost_track, log_librdkafka};
use crate::telemetry::Place;

/// A producer of librdkafka. Only the engine polls it, so that callbacks run on the engine's thread.
#[derive(Clone)]
pub(in crate::kafka) struct Client(Arc<BaseProducer<Deliveries>>);

/// What a client needs from the lane.
pub(super) struct Calls {
    /// Called repeatedly while a token is fetched; returns `false` once this client is no longer needed.
    pub(super) meanwhile: Box<dyn Fn(&Client) -> bool + Send + Sync>,
    /// Makes this client return what it has queued.
    pub(super) recall: Box<dyn Fn(&Client) + Send + Sync>,
}

impl Client {
    pub(super) fn new(config: &ClientConfig, shared: Arc<Shared>, calls: Calls) -> Result<Self, KafkaError> {
        let context = Deliveries {
            shared,
            pending: Pending::default(),
            handed_back: Mutex::default(),
            retired: AtomicBool::new(false),
            client: OnceLock::new(),
            calls,
        };
        let client = Arc::new(unlogged(|| config.create_with_context::<_, BaseProducer<_>>(context))?);
        let _ = client.client().context().client.set(Arc::downgrade(&client));
        Ok(Self(client))
    }

    /// Hands a record to librdkafka. Never blocks.
    pub(super) fn send(
        &self,
        record: Bytes<'_>,
        headers: OwnedHeaders,
        entry: Entry,
    ) -> Result<(), Box<Unsent>> {
        let pending = &self.context().pending;
        let key = pending.insert(entry);
        let mut out = BaseRecord::with_opaque_to(record.topic, key).key(record.key);
        out.payload = record.value;
        match self.0.send(out.headers(headers)) {
            Ok(()) => Ok(()),
            Err((error, back)) => match pending.remove(key) {
                Some(entry) => {
                    let headers = back.headers.unwrap_or_default();
                    Err(Box::new(Unsent { reason: reason(error), headers, entry }))
                }
                // Already settled, with its client.
                None => Ok(()),
            },
        }
    }

    /// Serves librdkafka for up to `limit`; callbacks run here.
    pub(super) fn poll(&self, limit: Duration) {
        unlogged(|| self.0.poll(limit));
    }

    /// The number of records it has, including outcomes that were not polled yet.
    pub(super) fn queued(&self) -> usize {
        self.0.in_flight_count().try_into().unwrap_or_default()
    }

    /// Makes it return queued records, and with `in_flight` also those in flight to a broker.
    pub(super) fn purge(&self, in_flight: bool) {
        let queue = PurgeConfig::default().queue();
        self.0.purge(if in_flight { queue.inflight() } else { queue });
    }

    /// Whether it is broken for good. A broken client accepts no more records.
    pub(super) fn is_broken(&self) -> bool {
        self.0.client().fatal_error().is_some()
    }

    pub(super) fn check_reached(&self) {
        self.context().shared.check_reached(|| has_reached_cluster(&self.0));
    }

    /// The number of records that it has, without outcomes that were polled.
    pub(super) fn pending(&self) -> usize {
        self.context().pending.len()
    }

    /// Returns the lowest number of the records that it has.
    pub(super) fn oldest(&self) -> Option<u64> {
        self.context().pending.oldest()
    }

    /// Marks that another client is going to take over.
    pub(super) fn retire(&self) {
        self.context().retired.store(true, SeqCst);
    }

    /// Takes the records that it returned for the next client.
    pub(super) fn take_back(&self) -> Vec<OwnedRecord> {
        std::mem::take(&mut self.context().handed_back.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Settles the records that it did not return.
    pub(super) fn lose_remaining(&self) {
        drop(self.context().pending.drain());
    }

    /// Requests a topic's metadata over the existing connections. Blocks until the response arrives.
    pub(in crate::kafka) fn metadata(&self, topic: &str, limit: Duration) -> Result<Metadata, KafkaError> {
        unlogged(|| self.0.client().fetch_metadata(Some(topic), limit))
    }

    fn context(&self) -> &Deliveries {
        self.0.client().context()
    }
}

/// A client's callbacks, which run on the engine's thread.
pub(in crate::kafka) struct Deliveries {
    shared: Arc<Shared>,
    pending: Pending,
    handed_back: Mutex<Vec<OwnedRecord>>,
    /// Another client takes over, so purged records go there.
    retired: AtomicBool,
    /// The client that these callbacks belong to.
    client: OnceLock<Weak<BaseProducer<Deliveries>>>,
    calls: Calls,
}

impl Deliveries {
    fn client(&self) -> Option<Arc<BaseProducer<Deliveries>>> {
        self.client.get().and_then(Weak::upgrade)
    }

    fn failed(&self, error: &KafkaError, message: &BorrowedMessage<'_>, entry: Entry) {
        let client = self.client();
        let broken = client.as_ref().is_some_and(|client| client.client().fatal_error().is_some());
        if (broken || self.retired.load(SeqCst)) && !self.shared.is_giving_up() && self.is_for_the_next(error)
        {
            let record = OwnedRecord::from_message(message, entry);
            self.handed_back.lock().unwrap_or_else(PoisonError::into_inner).push(record);
            return;
        }
        if let Some(client) = client {
            self.shared.check_reached(|| has_reached_cluster(&client));
        }
        let key = message.key().unwrap_or_default();
        let bytes = Bytes { topic: message.topic(), key, value: message.payload() };
        match message.headers() {
            Some(headers) => self.shared.lose(entry, bytes, headers, error.clone(), true),
            None => self.shared.lose(entry, bytes, &OwnedHeaders::new(), error.clone(), true),
        }
        self.recall();
    }

    /// Makes librdkafka return what is behind a record that went to the fallback, before it sends that.
    fn recall(&self) {
        if self.shared.fallback.as_ref().is_some_and(|fallback| fallback.takes_recall())
            && !self.retired.load(SeqCst)
            && let Some(client) = self.client()
        {
            (self.calls.recall)(&Client(client));
        }
    }

    /// Whether a record that a broken client returned goes to the next one.
    fn is_for_the_next(&self, error: &KafkaError) -> bool {
        match error.rdkafka_error_code() {
            // Purged, or refused because the cluster has lost track of this client.
            Some(Code::PurgeQueue | Code::Fatal) => true,
            Some(code) if has_lost_track(code) => true,
            Some(code) => self.shared.resend_unknown && classify(code).0 == ErrorKind::Unknown,
            None => false,
        }
    }
}

impl ProducerContext for Deliveries {
    /// The key of the record's entry in `pending`.
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, key: usize) {
        guard(|| {
            let Some(entry) = self.pending.remove(key) else { return };
            match result {
                Ok(message) => {
                    // Before the caller goes on: `health` is to show what `publish` has shown.
                    self.shared.cluster.condition.delivered();
                    if entry.is_traced() {
                        let client = self.client();
                        self.shared
                            .source
                            .learn_cluster_id(|| client?.client().fetch_cluster_id(Duration::ZERO));
                    }
                    let place = Place { partition: message.partition(), offset: message.offset() };
                    entry.delivered(message.topic(), place, |name, ticket| {
                        log_delivered(message, name, ticket);
                    });
                }
                Err((error, message)) => self.failed(error, message, entry),
            }
        });
    }
}

impl ClientContext for Deliveries {
    /// Has an effect only with `OAUTHBEARER`.
    const ENABLE_REFRESH_OAUTH_TOKEN: bool = true;

    fn generate_oauth_token(&self, _: Option<&str>) -> Result<OAuthToken, Box<dyn Error>> {
        let tokens = self.shared.tokens.as_ref().ok_or("`oauth_token` is not set")?;
        let meanwhile = || self.client().is_some_and(|client| (self.calls.meanwhile)(&Client(client)));
        guard(|| tokens.token(meanwhile))
            .unwrap_or_else(|| Err("fetching a token panicked".into()))
            .map_err(|error| error as Box<dyn Error>)
    }

    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log_librdkafka(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        guard(|| self.shared.cluster.on_error(&error, reason));
    }

    fn stats_raw(&self, statistics: &[u8]) {
        match std::str::from_utf8(statistics) {
            Ok(statistics) => self.shared.cluster.set_statistics(statistics),
            Err(error) => log(
                || tracing::error!(%error, "librdkafka's statistics are not UTF-8; keeping the previous ones"),
            ),
        }
    }
}

/// Returns what an error of librdkafka means for the path of a record.
fn reason(error: KafkaError) -> Reason<KafkaError> {
    match error.rdkafka_error_code() {
        Some(Code::QueueFull) => Reason::Full,
        Some(Code::Fatal) => Reason::Broken,
        _ => Reason::Other(error),
    }
}

/// Whether it has had a response from the cluster.
fn has_reached_cluster(client: &BaseProducer<Deliveries>) -> bool {
    client.client().fetch_cluster_id(Duration::ZERO).is_some()
}

fn log_delivered(message: &BorrowedMessage<'_>, name: Name, ticket: &Ticket) {
    log(|| {
        if !tracing::enabled!(target: PUBLISHED, tracing::Level::INFO) {
            return;
        }
        let Name { id: event_id, event_type, .. } = name;
        let (topic, partition, offset) = (message.topic(), message.partition(), message.offset());
        if let Some(span) = ticket.span() {
            tracing::info!(target: PUBLISHED, parent: span, %event_id, event_type, topic, partition, offset, "event published");
        } else {
            tracing::info!(target: PUBLISHED, %event_id, event_type, topic, partition, offset, "event published");
        }
    });
}
