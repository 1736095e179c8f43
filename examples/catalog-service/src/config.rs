//! The settings, from the environment.

use std::fmt;
use std::time::Duration;

use config::{Config, ConfigError, Environment, File};
use entity_events::topics;
use serde::Deserialize;

use crate::domain::order::Order;
use crate::domain::product::Product;

/// The service's topics.
#[topics(Product, Order)]
pub struct Topics;

/// The settings of Kafka, and the names of the topics.
pub type KafkaConfig = entity_events::kafka::KafkaConfig<Topics>;

/// All settings. Each can be set in `catalog-service.toml` or in the environment, as `SERVICE__KAFKA_CONFIG__CLIENT_ID`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The port to listen on, also `PORT`; 0 is any that is free.
    pub port: u16,
    /// `postgres://…` or `sqlite:FILE`, also `DATABASE_URL`. Without it, a new SQLite file in a temporary folder.
    pub database_url: Option<DatabaseUrl>,
    /// Whether the brokers are in this process; so unless `kafka_config.bootstrap_servers` is set.
    pub embedded_kafka: bool,
    /// The brokers, topics, and settings of the relay.
    pub kafka_config: KafkaConfig,
    /// What to do about topics that are missing.
    pub topics: TopicSettings,
    /// The group of the consumer `catalog-consumer`.
    pub consumer_group: String,
    /// How long a request may take, in seconds.
    pub request_timeout_seconds: u64,
    /// How long to wait at the end for requests that are being answered, in seconds.
    pub drain_seconds: u64,
    /// How long to wait at the end, after the requests, for events that are on their way, in seconds. It may take 10 more.
    pub relay_close_seconds: u64,
}

/// The URL of a database, whose `Debug` shows no password.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The kind of database, such as `postgres`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }

    /// The whole URL, with the password.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for DatabaseUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:…", self.scheme())
    }
}

/// What to do about topics that are missing.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TopicSettings {
    /// Whether to create them, or only to say so.
    pub create: bool,
    /// Their number of partitions. More of them later remap keys, and break their order.
    pub partitions: i32,
    /// The number of replicas; -1 is the brokers' default.
    pub replicas: i32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: 8080,
            database_url: None,
            embedded_kafka: true,
            kafka_config: KafkaConfig::default(),
            topics: TopicSettings::default(),
            consumer_group: "catalog-consumer".to_owned(),
            request_timeout_seconds: 10,
            // 5 + 10 + the relay's 10 are within the 30 seconds that Kubernetes gives.
            drain_seconds: 5,
            relay_close_seconds: 10,
        }
    }
}

impl Default for TopicSettings {
    fn default() -> Self {
        Self { create: true, partitions: 3, replicas: -1 }
    }
}

impl Settings {
    /// Reads `catalog-service.toml`, if it is there, and the environment, which wins.
    ///
    /// # Errors
    ///
    /// A key is unknown, or has a value that it cannot have.
    pub fn load() -> Result<Self, ConfigError> {
        let environment = Environment::with_prefix("SERVICE").prefix_separator("__").separator("__");
        let plain = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let config = Config::builder()
            .add_source(File::with_name("catalog-service").required(false))
            .add_source(environment)
            .set_override_option("port", plain("PORT"))?
            .set_override_option("database_url", plain("DATABASE_URL"))?
            .build()?;
        let embedded = config.get_string("kafka_config.bootstrap_servers").is_err();
        let config = Config::builder().set_default("embedded_kafka", embedded)?.add_source(config).build()?;
        config.try_deserialize()
    }

    /// How long a request may take.
    #[must_use]
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds)
    }

    /// How long to wait at the end for requests.
    #[must_use]
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }

    /// How long to wait at the end for events.
    #[must_use]
    pub fn relay_close(&self) -> Duration {
        Duration::from_secs(self.relay_close_seconds)
    }
}
