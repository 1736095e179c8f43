//! The service that publishes.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::ClientConfig;

use super::cluster::{Cluster, Health};
use super::config::properties::{Effective, client_config, refused_by_librdkafka};
use super::config::{ConfigError, KafkaConfig};
use super::guard::unlogged;
use super::oauth::{FetchToken, OauthToken, TokenSource};
use super::producer::{CloseReport, Limits, LostEvent, OnLost, Options, Producer, PublishStats};
use super::topics::{TopicError, TopicPolicy, Topology};
use crate::error::{ErrorKind, PublishError};
use crate::event::Event;
use crate::publish::Publish;
use crate::topics::{TopicFor, Topics};

/// Publishes the events of every entity in `T` to Kafka.
///
/// One service, and so one producer, per process keeps the order of each entity's events. Share it in an `Arc`.
///
/// Dropping the last one delivers what is queued, for up to 10 seconds, on a thread of its own, and reports the rest
/// as lost; [`close`](Self::close) says what became of each event.
///
/// # Order per key, and what a failure does to it
///
/// The events of one key are written in the order of the calls, also when they are retried, and when the cluster's leaders
/// change meanwhile. One that cannot be written does not hold up the others: it leaves a gap, and those after it are
/// delivered. So of the events 1, 2 and 3 of a key, of which Kafka refuses 2 for its size, consumers get 1 and 3.
///
/// - Which one it was, its caller is told by [`publish`](Publish::publish), and by [`publish_all`](Publish::publish_all)
///   with [`unpublished`](PublishError::unpublished). `on_lost` and the report of [`close`](Self::close) tell of every
///   accepted event that is lost, awaited or emitted, with its id and key. A consumer cannot tell from the records.
/// - An event of [unknown outcome](ErrorKind::Unknown) is in its place or nowhere: never later by itself. Once there is one,
///   librdkafka renumbers what is queued; what had been tried by then, and only that, may be there twice under one id.
/// - Publishing a lost event again puts it behind its successors. Where that matters, publish what holds *now*, as a new event,
///   or await each `publish` before the next one of its key: then nothing follows a failure that you have not seen.
/// - Kafka refuses whole batches. With `producer.batch_size` above the topic's `max.message.bytes`, the neighbours of a
///   large record can be refused along with it; below it, the large one is refused alone.
pub struct KafkaEventService<T: Topics> {
    producer: Producer,
    topics: T,
    max_block: Duration,
    client_config: ClientConfig,
}

/// Options of a [`KafkaEventService`] that no configuration file can hold.
pub struct KafkaEventServiceBuilder<'a, T: Topics> {
    config: &'a KafkaConfig<T>,
    on_lost: Option<OnLost>,
    unknown: UnknownOutcome,
    fetch_token: Option<FetchToken>,
}

/// What happens to records that a producer may or may not have written when it broke.
///
/// A producer breaks when the cluster has lost track of it, such as after an outage. The service then builds another and
/// sends again, in order, what was refused and what was queued. Of the latter, what had been tried before may be there twice:
/// librdkafka does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum UnknownOutcome {
    /// They are reported as lost, with [`ErrorKind::Unknown`].
    #[default]
    Report,
    /// They are sent again with the same event id: none is lost, some may be there twice.
    Resend,
}

impl<T: Topics> KafkaEventServiceBuilder<'_, T> {
    /// Is called for each accepted event that will not arrive, or is not known to, also where its caller awaits the error:
    /// the place for an alert. It is not handed the event; keep a clone where it may have to be published again.
    ///
    /// Runs on a thread of its own, one call after the other, and may do anything: block, panic, publish, or drop the service.
    /// Better is to hand over and return, since the next call waits. The thread has no tokio context: take
    /// `tokio::runtime::Handle::current()` outside, and spawn by that. What is emitted again while the queue is full, or after
    /// `close`, is lost again, and calls back again after a pause of 10 ms. A callback that holds the service by an `Arc` keeps it
    /// from ever being dropped; hold a `Weak`.
    ///
    /// Up to 100,000 lost events, or 16 MiB of them, wait for it; what a slow callback leaves no room for is logged, listed by
    /// [`close`](KafkaEventService::close) and counted in [`PublishStats::unreported`], and the callback is not called for it.
    #[must_use]
    pub fn on_lost(mut self, on_lost: impl Fn(&LostEvent) + Send + Sync + 'static) -> Self {
        self.on_lost = Some(Box::new(on_lost));
        self
    }

    /// What happens to records that a producer may have written when it broke.
    #[must_use]
    pub fn on_unknown(mut self, unknown: UnknownOutcome) -> Self {
        self.unknown = unknown;
        self
    }

    /// Fetches a token whenever `security.sasl_mechanism = "OAUTHBEARER"` needs one: at the start, when four fifths of the
    /// last one's life have passed, and 10 seconds after a failure.
    ///
    /// It runs on the tokio runtime that the service is built in, which needs its timer enabled, and may take up to 30 seconds; meanwhile everything
    /// else goes on, and so do connections with the last token until that expires. A failure stands in
    /// [`health`](KafkaEventService::health) and in the log with its text, which therefore must not hold the token.
    ///
    /// [`ensure_topics`](KafkaEventService::ensure_topics) does not get these tokens: with `OAUTHBEARER`, somebody else has to
    /// create the topics.
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

    /// Makes the service. It connects in the background: no broker is needed to start.
    ///
    /// # Errors
    ///
    /// A configuration that cannot work, with the key to edit; an `oauth_token` outside a tokio runtime.
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
            log_keys: config.log_keys,
        };
        let max_block = options.max_block;
        let producer = Producer::start(client.clone(), cluster, tokens, options)
            .map_err(|error| refused_by_librdkafka(&error, str::to_owned))?;
        Ok(KafkaEventService { producer, topics: config.topics.clone(), max_block, client_config: client })
    }
}

impl<T: Topics> KafkaEventService<T> {
    /// Makes the service. It connects in the background: no broker is needed to start.
    ///
    /// # Errors
    ///
    /// A configuration that cannot work, with the key to edit.
    pub fn new(config: &KafkaConfig<T>) -> Result<Self, ConfigError> {
        Self::builder(config).build()
    }

    /// Makes a service with options.
    #[must_use]
    pub fn builder(config: &KafkaConfig<T>) -> KafkaEventServiceBuilder<'_, T> {
        KafkaEventServiceBuilder {
            config,
            on_lost: None,
            unknown: UnknownOutcome::default(),
            fetch_token: None,
        }
    }

    /// What has become of the events so far.
    pub fn stats(&self) -> PublishStats {
        self.producer.lane.shared.ledger.stats()
    }

    /// librdkafka's own view of its queues, brokers and topics, with round trips and throttling: [its
    /// statistics](https://github.com/confluentinc/librdkafka/blob/master/STATISTICS.md) as JSON text, at their last
    /// interval. The text is handed on as librdkafka wrote it; what is in it depends on librdkafka's version. One that is not
    /// UTF-8 is logged and left out, and the last one stays.
    ///
    /// `None` unless `properties."statistics.interval.ms"` is set, and until the first interval is over. Costs a few
    /// dozen kilobytes of JSON each time, so seconds are a better interval than milliseconds.
    #[must_use]
    pub fn statistics(&self) -> Option<Arc<str>> {
        self.producer.lane.shared.cluster.statistics()
    }

    /// The service's state for its probes, from memory.
    #[must_use]
    pub fn health(&self) -> Health {
        self.producer.lane.shared.cluster.condition.health(self.producer.lane.shared.ledger.is_closed())
    }

    /// Waits until nothing is on its way any more. Events that are emitted meanwhile are waited for too.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unknown`] when the time is over; the events stay queued and are delivered or reported as ever.
    pub async fn flush(&self, limit: Duration) -> Result<(), PublishError> {
        if self.producer.flush(limit).await {
            return Ok(());
        }
        let queued = self.stats().queued;
        let cluster = &self.producer.lane.shared.cluster;
        let last_seen = cluster.condition.last_seen();
        let text = format!(
            "{queued} events are still on their way to `{}` after {limit:?}{last_seen}; they are being tried further",
            cluster.servers
        );
        Err(PublishError::new(ErrorKind::Unknown, text))
    }

    /// Refuses new events, delivers what is queued for up to `limit`, and says what became of each accepted event.
    ///
    /// What is not delivered by then is given up and listed as lost. Closing again gives the report again.
    pub async fn close(&self, limit: Duration) -> CloseReport {
        self.producer.close(limit).await
    }

    /// Makes sure that the topics of `T` exist.
    ///
    /// # Errors
    ///
    /// A topic that is missing and was not to be, or could not be, created; no answer from Kafka within
    /// `producer.max_block_ms`.
    pub async fn ensure_topics(&self, policy: TopicPolicy) -> Result<(), TopicError> {
        // Entities may share a topic.
        let topics: BTreeSet<_> =
            self.topics.fields().into_iter().map(|(_, topic)| topic.to_owned()).collect();
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

    /// Never waits for Kafka: what does not fit into the queue is reported as lost at once.
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
