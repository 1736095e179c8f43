//! The service that publishes.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::ClientConfig;

use super::cluster::{Cluster, Health};
use super::config::properties::{Effective, client_config, refused_by_librdkafka};
use super::config::{ConfigError, KafkaConfig};
use super::oauth::{FetchToken, OauthToken, TokenSource};
#[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
use super::producer::FallbackTable;
use super::producer::{CloseReport, Limits, LostEvent, OnLost, Options, Producer, PublishStats, Table};
use super::topics::{TopicError, TopicPolicy, Topology};
use crate::error::{ErrorKind, PublishError};
use crate::event::Event;
use crate::guard::unlogged;
use crate::publish::Publish;
use crate::topics::{TopicFor, Topics};

/// Publishes the events of every entity in `T` to Kafka.
///
/// Use one service, and so one producer, per process to keep the order of each entity's events. Share it in an `Arc`.
///
/// Dropping it delivers queued events for up to 10 seconds, on a separate thread, and reports the rest as lost;
/// [`close`](Self::close) returns the outcome of each event.
///
/// # Order per key, and failures
///
/// The events of one key are written in the order of the calls, even across retries and leader changes. An event that
/// cannot be written does not block those after it: it leaves a gap. If Kafka refuses the second of a key's events 1, 2
/// and 3 for its size, consumers get 1 and 3.
///
/// - [`publish`](Publish::publish) returns the error to its caller, [`publish_all`](Publish::publish_all) with the ids in
///   [`unpublished`](PublishError::unpublished). `on_lost` and the report of [`close`](Self::close) include every accepted
///   event that is lost, awaited or emitted, with its id and key. Consumers cannot detect a gap from the records.
/// - An event of [unknown outcome](ErrorKind::Unknown) is either in its place or missing; it never appears later by itself.
///   After one, librdkafka renumbers its queue: records already tried by then, and only those, may be written twice under one
///   id.
/// - Publishing a lost event again puts it after its successors. If that matters, publish the *current* state as a new event,
///   or await each `publish` before the next one of its key, so that nothing follows a failure you have not seen.
/// - Kafka refuses whole batches. If `producer.batch_size` is above the topic's `max.message.bytes`, the neighbours of a
///   large record can be refused along with it; if it is below, only the large record is refused.
pub struct KafkaEventService<T: Topics> {
    producer: Producer,
    topics: T,
    max_block: Duration,
    client_config: ClientConfig,
}

/// Builds a [`KafkaEventService`] with options that a configuration file cannot hold.
pub struct KafkaEventServiceBuilder<'a, T: Topics> {
    config: &'a KafkaConfig<T>,
    on_lost: Option<OnLost>,
    unknown: UnknownOutcome,
    fetch_token: Option<FetchToken>,
    fallback: Option<Box<dyn Table>>,
}

/// How to handle records that a broken producer may or may not have written.
///
/// A producer breaks when the cluster loses track of it, for example after an outage. The service then creates another and
/// resends, in order, the refused and the queued records. Queued records that had been tried before may be written twice:
/// librdkafka does not report which were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum UnknownOutcome {
    /// Report them as lost, with [`ErrorKind::Unknown`].
    #[default]
    Report,
    /// Resend them with the same event id: none is lost, some may be written twice.
    Resend,
}

impl<T: Topics> KafkaEventServiceBuilder<'_, T> {
    /// Sets a callback for each accepted event that is lost or of unknown outcome, even if its caller awaits the error: the
    /// place for an alert. It does not receive the event itself; keep a clone if you may have to publish it again.
    ///
    /// It runs on its own thread, one call at a time, and may do anything: block, panic, publish, or drop the service. Prefer
    /// to hand over and return, since the next call waits. The thread has no tokio context: get
    /// `tokio::runtime::Handle::current()` outside, and spawn with it. An event that is emitted again while the queue is full,
    /// or after `close`, is lost again, which calls back after a pause of 10 ms. A callback that holds an `Arc` of the service
    /// keeps it from ever being dropped; hold a `Weak`.
    ///
    /// Up to 100,000 lost events, or 16 MiB of them, are queued for it. If a slow callback exceeds that, further ones are
    /// logged, listed by [`close`](KafkaEventService::close) and counted in [`PublishStats::unreported`], without a call.
    #[must_use]
    pub fn on_lost(mut self, on_lost: impl Fn(&LostEvent) + Send + Sync + 'static) -> Self {
        self.on_lost = Some(Box::new(on_lost));
        self
    }

    /// Sets how to handle records that a broken producer may have written.
    #[must_use]
    pub fn on_unknown(mut self, unknown: UnknownOutcome) -> Self {
        self.unknown = unknown;
        self
    }

    /// Sets the outbox that takes the events that Kafka does not take: direct first, the table only for the rest. A relay of the
    /// same table ([`OutboxRelay`](crate::outbox::OutboxRelay)), here or in another process, delivers them. Without a relay they
    /// stay in the table.
    ///
    /// What would be lost is committed to the table instead: after `producer.delivery_timeout_ms`, if the queue is full, if the
    /// producer breaks for good, and what [`close`](KafkaEventService::close) or a drop finds queued. A thread and a connection of
    /// their own do that, so a full pool or a runtime that shuts down does not stop it. `publish` then returns `Ok`: the event is in
    /// the table, and not yet in Kafka. Callers notice nothing else; [`PublishStats::stored`] and
    /// [`CloseReport::stored`] count these events, and each is logged at `INFO` as `event stored in the outbox`.
    ///
    /// It is no transactional outbox: an event that is still queued is lost if the process is killed, as without a fallback, and an
    /// event may be published whose transaction is rolled back later. Where neither may happen, write it with
    /// [`Outbox::commit`](crate::outbox::Outbox::commit).
    ///
    /// # What is lost nevertheless
    ///
    /// - What the table does not take for 10 seconds, while Kafka does not take it. Its error has both reasons. The same holds for
    ///   what does not fit: twice `producer.queue_buffering_max_kbytes` may wait in memory for the table, and as much
    ///   again of what librdkafka gives back.
    /// - What Kafka refuses for itself ([`ErrorKind::Permanent`]), such as an event that is too large: the relay could not deliver it
    ///   either. Only a missing topic, or one that may not be written to, is waited for: such events are stored, and the relay's
    ///   [`health`](crate::outbox::OutboxRelay::health) names the topic.
    /// - What is emitted after `close`, and records that librdkafka never returns.
    ///
    /// # Order per key
    ///
    /// From the first event of a key that goes to the table, all later ones of that key go there as well, in the order of the calls,
    /// until the table has none of that key; then they go to Kafka directly again. So they do not overtake each other. What librdkafka
    /// has queued at that moment goes to the table as well, whatever its key, and even if only one broker is away. While keys are there,
    /// the table is looked into, from 20 times a second to once in several. A key whose events never pause stays with the table.
    ///
    /// Two limits remain. First, events of the key that librdkafka already has when an earlier one is given up: they
    /// are taken back at once and stored behind it, but if Kafka returns in just that moment, or if they are on their way to a
    /// broker, it may get them first. Second, a service knows the keys that the table has at its start, as soon as the
    /// database answers, and later its own: what other processes store meanwhile may be overtaken.
    ///
    /// An event of [unknown outcome](ErrorKind::Unknown) is stored, and so may be delivered twice, under the same id. The same
    /// happens if the connection to the database is lost during a commit.
    ///
    /// ```no_run
    /// # use entity_events::Topics;
    /// # use entity_events::kafka::{KafkaConfig, KafkaEventService};
    /// # use entity_events::outbox::{Backend, Outbox, OutboxRelay};
    /// # async fn start<D: Backend, T: Topics>(outbox: Outbox<D, T>, config: &KafkaConfig<T>) -> Result<(), Box<dyn std::error::Error>> {
    /// outbox.check().await?;
    /// let service = KafkaEventService::builder(config).fallback(&outbox).build()?;
    /// let relay = OutboxRelay::builder(&outbox, config).start().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
    #[must_use]
    pub fn fallback(mut self, outbox: &impl FallbackTable) -> Self {
        self.fallback = Some(outbox.table());
        self
    }

    /// Sets the callback that fetches a token whenever `security.sasl_mechanism = "OAUTHBEARER"` needs one: at the start,
    /// after four fifths of the last token's lifetime, and 10 seconds after a failure.
    ///
    /// It runs on the tokio runtime that the service is built in, which needs its timer enabled, and may take up to 30
    /// seconds; meanwhile everything else continues, including connections with the last token until it expires. The text of
    /// an error is shown in [`health`](KafkaEventService::health) and in the log, so it must not contain the token.
    ///
    /// [`ensure_topics`](KafkaEventService::ensure_topics) cannot create topics with these tokens: with `OAUTHBEARER`, create
    /// them by other means.
    ///
    /// ```no_run
    /// # use std::time::{Duration, SystemTime};
    /// # use entity_events::kafka::{KafkaConfig, KafkaEventService, OauthToken};
    /// # use entity_events::Topics;
    /// # async fn ask_the_token_server() -> std::io::Result<(String, Duration)> {
    /// #     Ok(("header.claims.signature".to_owned(), Duration::from_secs(300)))
    /// # }
    /// # fn service<T: Topics>(config: &KafkaConfig<T>) -> Result<(), Box<dyn std::error::Error>> {
    /// let service = KafkaEventService::builder(config)
    ///     .oauth_token(|| async {
    ///         let (token, lifetime) = ask_the_token_server().await?;
    ///         Ok(OauthToken::new(token, SystemTime::now() + lifetime))
    ///     })
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn oauth_token<F>(mut self, fetch: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<OauthToken, Box<dyn Error + Send + Sync>>> + Send + 'static,
    {
        self.fetch_token = Some(Arc::new(move || Box::pin(fetch())));
        self
    }

    /// Builds the service. It connects in the background: no broker is needed to start.
    ///
    /// # Errors
    ///
    /// Returns an error, with the key to edit, if the configuration cannot work, or if `oauth_token` is set outside a tokio
    /// runtime.
    pub fn build(self) -> Result<KafkaEventService<T>, ConfigError> {
        let config = self.config;
        let Effective { client, queue_records, queue_bytes } = unlogged(|| client_config(config))?;
        let tokens = TokenSource::of(&client, self.fetch_token)?;
        let cluster = Cluster::new(config.bootstrap_servers.clone(), &client);
        let options = Options {
            limits: Limits { records: queue_records, bytes: queue_bytes },
            max_block: Duration::from_millis(config.producer.max_block_ms.into()),
            resend_unknown: self.unknown == UnknownOutcome::Resend,
            on_lost: self.on_lost,
            fallback: self.fallback,
            log_keys: config.log_keys,
        };
        let max_block = options.max_block;
        let producer = Producer::start(client.clone(), cluster, tokens, options)
            .map_err(|error| refused_by_librdkafka(&error, str::to_owned))?;
        Ok(KafkaEventService { producer, topics: config.prefixed_topics(), max_block, client_config: client })
    }
}

impl<T: Topics> KafkaEventService<T> {
    /// Creates a service. It connects in the background: no broker is needed to start.
    ///
    /// # Errors
    ///
    /// Returns an error, with the key to edit, if the configuration cannot work.
    pub fn new(config: &KafkaConfig<T>) -> Result<Self, ConfigError> {
        Self::builder(config).build()
    }

    /// Returns a builder for a service with options.
    #[must_use]
    pub fn builder(config: &KafkaConfig<T>) -> KafkaEventServiceBuilder<'_, T> {
        KafkaEventServiceBuilder {
            config,
            on_lost: None,
            unknown: UnknownOutcome::default(),
            fetch_token: None,
            fallback: None,
        }
    }

    /// Returns the counts of records and their outcomes so far.
    pub fn stats(&self) -> PublishStats {
        self.producer.lane.shared.ledger.stats()
    }

    /// Returns librdkafka's own view of its queues, brokers and topics, with round trips and throttling: [its
    /// statistics](https://github.com/confluentinc/librdkafka/blob/master/STATISTICS.md) as JSON text, of the last
    /// interval. The text is unchanged; its contents depend on librdkafka's version. If it is not UTF-8, that is logged and
    /// the previous text stays.
    ///
    /// `None` unless `properties."statistics.interval.ms"` is set, and until the first interval has passed. Each interval
    /// costs a few dozen kilobytes of JSON, so use seconds rather than milliseconds.
    #[must_use]
    pub fn statistics(&self) -> Option<Arc<str>> {
        self.producer.lane.shared.cluster.statistics()
    }

    /// Returns the service's state for health probes, from memory.
    #[must_use]
    pub fn health(&self) -> Health {
        self.producer.lane.shared.cluster.condition.health(self.producer.lane.shared.ledger.is_closed())
    }

    /// Waits until no events are queued or in flight, including those emitted meanwhile.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::Unknown`] if `limit` passes first; the events stay queued and are delivered or reported as usual.
    pub async fn flush(&self, limit: Duration) -> Result<(), PublishError> {
        if self.producer.flush(limit).await {
            return Ok(());
        }
        let queued = self.stats().queued;
        let cluster = &self.producer.lane.shared.cluster;
        let last_error = cluster.condition.last_error();
        let text = format!(
            "{queued} events are still queued for `{}` after {limit:?}{last_error}; delivery continues",
            cluster.servers
        );
        Err(PublishError::new(ErrorKind::Unknown, text))
    }

    /// Refuses new events, delivers queued ones for up to `limit`, and returns the outcome of each accepted event.
    ///
    /// Events that are not delivered by then are given up and listed as lost. With the
    /// builder's `fallback` they are written to the outbox instead, from up to 2 seconds before `limit` ends, and until the table
    /// has taken none for 3 seconds. Closing again returns the report again.
    pub async fn close(&self, limit: Duration) -> CloseReport {
        self.producer.close(limit).await
    }

    /// Ensures that the topics of `T` exist.
    ///
    /// # Errors
    ///
    /// Returns an error if a topic is missing and `policy` does not create it, if it cannot be created, or if Kafka does not
    /// answer within `producer.max_block_ms`.
    pub async fn ensure_topics(&self, policy: TopicPolicy) -> Result<(), TopicError> {
        let mut topics: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (field, topic) in self.topics.fields() {
            topics.entry(topic.to_owned()).or_default().push(field);
        }
        let topology = Topology {
            client: self.producer.lane.client(),
            shared: Arc::clone(&self.producer.lane.shared),
            config: self.client_config.clone(),
            topics,
            limit: self.max_block,
        };
        topology.ensure(policy).await
    }
}

impl<E: Event, T: TopicFor<E::Entity>> Publish<E> for KafkaEventService<T> {
    fn publish(&self, event: E) -> impl Future<Output = Result<(), PublishError>> + Send {
        self.producer.publish(self.topics.topic(), event)
    }

    fn publish_all(&self, events: Vec<E>) -> impl Future<Output = Result<(), PublishError>> + Send {
        self.producer.publish_all(self.topics.topic(), events)
    }

    /// Never waits for Kafka: an event that does not fit into the queue is reported as lost at once.
    async fn emit(&self, event: E) {
        self.producer.emit(self.topics.topic(), &event);
    }
}

impl<T: Topics> fmt::Debug for KafkaEventService<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KafkaEventService")
            .field("bootstrap_servers", &self.producer.lane.shared.cluster.servers)
            .field("topics", &self.topics)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

impl<T: Topics> fmt::Debug for KafkaEventServiceBuilder<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KafkaEventServiceBuilder").field("config", &self.config).finish_non_exhaustive()
    }
}
