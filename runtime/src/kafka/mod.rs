//! Publishing to Kafka through librdkafka.
//!
//! [`KafkaConfig`] says where and how, [`KafkaEventService`] publishes. An event becomes a record once, goes to
//! librdkafka without waiting, and its outcome is accounted for once:
//!
//! ```text
//!  caller's thread                                           the engine's thread
//!
//!  publish ─┐            ┌─ gate ── librdkafka ── delivery report ─┐
//!  publish_all ─ record ─┤   ▲          │ breaks                   ├─ entry: delivered or lost, once
//!  emit ────┘            └─ line ◄──────┘                          │    ├─ ledger: counted, listed for `close`
//!                            full, or between two clients          │    ├─ ticket: wakes the caller
//!                            └─ its time is over ──────────────────┘    └─ losses: `on_lost`, on its own thread
//! ```

#[cfg(feature = "ssl")]
mod certificate;
mod cluster;
mod config;
mod errors;
mod health;
mod layers;
mod oauth;
mod producer;
mod properties;
mod read;
mod refusal;
mod security;
mod service;
mod settings;
mod topics;

pub use rdkafka;

pub use self::config::KafkaConfig;
pub use self::errors::ConfigError;
pub use self::health::Health;
pub use self::oauth::OauthToken;
pub use self::producer::{CloseReport, LostEvent, PublishStats};
pub use self::security::{SaslMechanism, SecurityProtocol, SecuritySettings};
pub use self::service::{KafkaEventService, KafkaEventServiceBuilder, UnknownOutcome};
pub use self::settings::{Compression, Partitioner, ProducerSettings};
pub use self::topics::{TopicError, TopicPolicy};
