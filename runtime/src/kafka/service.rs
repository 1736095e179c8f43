//! The service that publishes.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::producer::ThreadedProducer;
use tokio::time::timeout;

use super::config::KafkaConfig;
use super::delivery::Deliveries;
use super::errors::ConfigError;
use super::health::{Condition, Health};
use super::ledger::{Ledger, OnLost};
use super::producer::Producer;
use super::properties::{client_config, refused_by_librdkafka};
use super::report::{CloseReport, LostEvent, PublishStats};
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
pub struct KafkaEventService<T: Topics> {
    producer: Producer,
    condition: Arc<Condition>,
    topics: T,
    servers: String,
    max_block: Duration,
    client_config: ClientConfig,
}

/// Options of a [`KafkaEventService`] that no configuration file can hold.
pub struct KafkaEventServiceBuilder<'a, T: Topics> {
    config: &'a KafkaConfig<T>,
    on_lost: Option<OnLost>,
}

impl<T: Topics> KafkaEventServiceBuilder<'_, T> {
    /// Is called for each accepted event that will not arrive, or is not known to: the place for an alert, or to keep
    /// the event for later. Runs on the thread that delivers, so it must be quick and must not block.
    #[must_use]
    pub fn on_lost(mut self, on_lost: impl Fn(&LostEvent) + Send + Sync + 'static) -> Self {
        self.on_lost = Some(Box::new(on_lost));
        self
    }

    /// Makes the service. It connects in the background: no broker is needed to start.
    ///
    /// # Errors
    ///
    /// A configuration that cannot work, with the key to edit.
    pub fn build(self) -> Result<KafkaEventService<T>, ConfigError> {
        let config = self.config;
        let client_config = client_config(config)?;
        let ledger = Arc::new(Ledger::new(self.on_lost));
        let condition = Arc::new(Condition::default());
        let deliveries = Deliveries {
            ledger: Arc::clone(&ledger),
            condition: Arc::clone(&condition),
            servers: config.bootstrap_servers.clone(),
            delivery_timeout: client_config.get("delivery.timeout.ms").unwrap_or_default().to_owned(),
        };
        let client: ThreadedProducer<_> =
            client_config.create_with_context(deliveries).map_err(|error| refused_by_librdkafka(&error))?;
        let max_block = Duration::from_millis(config.producer.max_block_ms.into());
        Ok(KafkaEventService {
            producer: Producer::new(client, ledger, max_block),
            condition,
            topics: config.topics.clone(),
            servers: config.bootstrap_servers.clone(),
            max_block,
            client_config,
        })
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
        KafkaEventServiceBuilder { config, on_lost: None }
    }

    /// What has become of the events so far.
    #[must_use]
    pub fn stats(&self) -> PublishStats {
        self.producer.ledger.stats()
    }

    /// The service's state for its probes, from memory.
    #[must_use]
    pub fn health(&self) -> Health {
        self.condition.health(self.producer.ledger.is_closed())
    }

    /// Waits until nothing is on its way any more. Events that are emitted meanwhile are waited for too.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unknown`] when the time is over; the events stay queued and are delivered or reported as ever.
    pub async fn flush(&self, limit: Duration) -> Result<(), PublishError> {
        timeout(limit, self.producer.ledger.settled()).await.map_err(|_| {
            let queued = self.stats().queued;
            let last_seen = self.condition.last_seen();
            let text = format!(
                "{queued} events are still on their way to `{}` after {limit:?}{last_seen}; they are being tried further",
                self.servers
            );
            PublishError::new(ErrorKind::Unknown, text)
        })
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
        let topology = Topology {
            client: Arc::clone(&self.producer.client),
            config: self.client_config.clone(),
            topics: self.topics.fields().into_iter().map(|(_, topic)| topic.to_owned()).collect(),
            servers: self.servers.clone(),
            limit: self.max_block,
        };
        topology.ensure(policy).await
    }
}

impl<E: Event, T: TopicFor<E>> Publish<E> for KafkaEventService<T> {
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
            .field("bootstrap_servers", &self.servers)
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
