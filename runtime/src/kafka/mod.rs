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

mod cluster;
mod config;
mod guard;
mod oauth;
mod producer;
mod service;
pub(crate) mod thread;
mod topics;

pub use self::cluster::Health;
pub use self::config::{
    Compression, ConfigError, KafkaConfig, Partitioner, ProducerSettings, SaslMechanism, SecurityProtocol,
    SecuritySettings,
};
pub use self::oauth::OauthToken;
pub use self::producer::{CloseReport, LostEvent, PublishStats};
pub use self::service::{KafkaEventService, KafkaEventServiceBuilder, UnknownOutcome};
pub use self::topics::{TopicError, TopicPolicy};
