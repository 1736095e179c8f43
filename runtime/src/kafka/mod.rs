//! Publishing to Kafka through librdkafka.
//!
//! [`KafkaConfig`] says where and how, [`KafkaEventService`] publishes. An event becomes a record once, goes to
//! librdkafka without waiting, and its outcome is accounted for once, in the delivery report.

#[cfg(feature = "ssl")]
mod certificate;
mod close;
mod cluster;
mod config;
mod delivery;
mod errors;
mod health;
mod lane;
mod layers;
mod ledger;
mod oauth;
mod producer;
mod properties;
mod read;
mod refusal;
mod report;
mod rescue;
mod security;
mod service;
mod settings;
mod signal;
mod ticket;
mod topics;

pub use rdkafka;

pub use self::config::KafkaConfig;
pub use self::errors::ConfigError;
pub use self::health::Health;
pub use self::oauth::OauthToken;
pub use self::report::{CloseReport, LostEvent, PublishStats};
pub use self::security::{SaslMechanism, SecurityProtocol, SecuritySettings};
pub use self::service::{KafkaEventService, KafkaEventServiceBuilder, UnknownOutcome};
pub use self::settings::{Compression, Partitioner, ProducerSettings};
pub use self::topics::{TopicError, TopicPolicy};
