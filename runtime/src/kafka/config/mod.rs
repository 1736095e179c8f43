//! The configuration of the service: brokers, topics, producer, security.

mod checks;
mod client;
mod error;
mod keys;
mod layers;
#[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
mod outbox;
pub(super) mod properties;
#[cfg(all(test, any(feature = "outbox-postgres", feature = "outbox-sqlite")))]
mod reference;
mod secret;
mod security;
mod settings;
mod values;

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

pub use self::client::ClientProperties;
pub use self::error::ConfigError;
#[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
pub use self::outbox::{OnPermanent, OutboxSettings};
use self::secret::is_secret;
pub use self::security::{SaslMechanism, SecurityProtocol, SecuritySettings};
pub use self::settings::{Compression, Partitioner, ProducerSettings};
use crate::topics::Topics;

/// The configuration of a [`KafkaEventService`](super::KafkaEventService).
///
/// The topic fields of `T` are accessible directly: `config.product_topic`. It deserialises flat, from environment
/// variables, TOML or JSON:
///
/// ```toml
/// [kafka_config]
/// bootstrap_servers = "kafka-1:9092,kafka-2:9092"
/// client_id = "catalog-service"
/// product_topic = "int.product-update.event"
/// producer.preset = "throughput"
/// producer.delivery_timeout_ms = 30000
/// security.protocol = "SASL_SSL"
/// properties."socket.timeout.ms" = 10000
/// ```
///
/// A missing key keeps its default; an unknown key is an error that suggests the nearest one.
///
/// In code, start from [`new`](Self::new) or [`default`](Self::default), and set fields:
///
/// ```
/// # use entity_events::Topics;
/// # use entity_events::kafka::KafkaConfig;
/// # fn config<T: Topics>() -> KafkaConfig<T> {
/// let mut config = KafkaConfig::new("kafka-1:9092,kafka-2:9092");
/// config.producer.linger_ms = 20;
/// # config
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KafkaConfig<T> {
    /// Some brokers of the cluster as `host:port`, separated by commas; `localhost:9092` by default.
    pub bootstrap_servers: String,
    /// The client's name in the brokers' logs and quotas; by default the `source` of the first entity.
    pub client_id: String,
    /// The topic of each entity.
    pub topics: T,
    /// What every topic's name begins with, such as `staging.` or a tenant; empty by default. See
    /// [`prefixed_topics`](Self::prefixed_topics).
    pub topic_prefix: String,
    /// How the producer batches, waits and retries.
    pub producer: ProducerSettings,
    /// How client and broker authenticate each other.
    pub security: SecuritySettings,
    /// How the outbox's relay works.
    #[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
    pub outbox: OutboxSettings,
    /// Whether the partition key of a lost event is logged, and shown by the `Debug` of
    /// [`LostEvent`](crate::kafka::LostEvent); `true` by default. Set it to `false` if keys are personal data.
    pub log_keys: bool,
    /// Any other librdkafka properties by name. They override the settings above, but cannot weaken the service's
    /// guarantees (`acks`, idempotence, delivery reports).
    pub properties: BTreeMap<String, String>,
}

impl<T: Topics> KafkaConfig<T> {
    /// Creates a configuration with these brokers, as `host:port` separated by commas, and defaults for the rest.
    pub fn new(bootstrap_servers: impl Into<String>) -> Self {
        Self { bootstrap_servers: bootstrap_servers.into(), ..Self::default() }
    }

    /// The topics as they are in Kafka, behind [`topic_prefix`](Self::topic_prefix): for consumers.
    #[must_use]
    pub fn prefixed_topics(&self) -> T {
        let mut topics = self.topics.clone();
        for (_, topic) in topics.fields_mut() {
            topic.insert_str(0, &self.topic_prefix);
        }
        topics
    }
}

impl<T: Topics> Default for KafkaConfig<T> {
    fn default() -> Self {
        Self {
            bootstrap_servers: "localhost:9092".to_owned(),
            client_id: T::SOURCE.to_owned(),
            topics: T::default(),
            topic_prefix: String::new(),
            producer: ProducerSettings::default(),
            security: SecuritySettings::default(),
            #[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
            outbox: OutboxSettings::default(),
            log_keys: true,
            properties: BTreeMap::new(),
        }
    }
}

impl<T> Deref for KafkaConfig<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.topics
    }
}

impl<T> DerefMut for KafkaConfig<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.topics
    }
}

impl<T: fmt::Debug> fmt::Debug for KafkaConfig<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = |(name, value)| (name, if is_secret(name) { "<hidden>" } else { value });
        let properties: BTreeMap<&str, &str> =
            self.properties.iter().map(|(name, value)| hidden((name.as_str(), value.as_str()))).collect();
        let mut debug = f.debug_struct("KafkaConfig");
        debug
            .field("bootstrap_servers", &self.bootstrap_servers)
            .field("client_id", &self.client_id)
            .field("topics", &self.topics)
            .field("topic_prefix", &self.topic_prefix)
            .field("producer", &self.producer)
            .field("security", &self.security)
            .field("log_keys", &self.log_keys)
            .field("properties", &properties);
        #[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
        debug.field("outbox", &self.outbox);
        debug.finish()
    }
}

impl<'de, T: Topics> Deserialize<'de> for KafkaConfig<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ConfigVisitor(PhantomData))
    }
}

struct ConfigVisitor<T>(PhantomData<T>);

impl<'de, T: Topics> Visitor<'de> for ConfigVisitor<T> {
    type Value = KafkaConfig<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of Kafka settings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<KafkaConfig<T>, A::Error> {
        let mut config = KafkaConfig::<T>::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "bootstrap_servers" => {
                    config.bootstrap_servers = values::value(&mut map, "bootstrap_servers")?;
                }
                "client_id" => config.client_id = values::value(&mut map, "client_id")?,
                "topic_prefix" => config.topic_prefix = values::value(&mut map, "topic_prefix")?,
                "producer" => config.producer = map.next_value()?,
                "security" => config.security = map.next_value()?,
                #[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
                "outbox" => config.outbox = map.next_value()?,
                #[cfg(not(any(feature = "outbox-postgres", feature = "outbox-sqlite")))]
                "outbox" => {
                    return Err(A::Error::custom(
                        "`outbox` has no effect without the cargo feature `outbox-postgres` or `outbox-sqlite` of \
                         `entity-events`; enable one, or remove the key",
                    ));
                }
                "log_keys" => config.log_keys = values::value(&mut map, "log_keys")?,
                "properties" => config.properties = values::properties(&mut map)?,
                key => match config.topics.fields_mut().into_iter().find(|(field, _)| *field == key) {
                    Some((_, topic)) => *topic = values::value(&mut map, key)?,
                    None => return Err(unknown(key, &config.topics)),
                },
            }
        }
        Ok(config)
    }
}

fn unknown<E: Error>(key: &str, topics: &impl Topics) -> E {
    let own = [
        "bootstrap_servers",
        "client_id",
        "topic_prefix",
        "producer",
        "security",
        "outbox",
        "log_keys",
        "properties",
    ];
    let topics = topics.fields().into_iter().map(|(field, _)| field);
    let known: Vec<_> = own.into_iter().chain(topics).collect();
    let error = values::unknown_key("", key, &known);
    if key.ends_with("_topic") {
        return E::custom(format!("{error} (or is its entity missing from `#[topics(..)]`?)"));
    }
    E::custom(error)
}
