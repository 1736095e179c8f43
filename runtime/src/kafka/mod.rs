//! Publishing to Kafka through librdkafka.
//!
//! [`KafkaConfig`] holds the settings, [`KafkaEventService`] publishes. Each event is encoded once, handed to
//! librdkafka without blocking, and gets exactly one outcome:
//!
//! ```text
//!  caller's thread                                           the engine's thread
//!
//!  publish ─┐            ┌─ gate ── librdkafka ── delivery report ─┐
//!  publish_all ─ record ─┤   ▲          │ breaks                   ├─ entry: delivered or lost, once
//!  emit ────┘            └─ line ◄──────┘                          │    ├─ ledger: counted, listed for `close`
//!                            full, or between two clients          │    ├─ ticket: wakes the caller
//!                            └─ deadline passed ───────────────────┘    └─ losses: `on_lost`, on its own thread
//! ```
//!
//! # What is logged
//!
//! Logs go to `tracing`, with targets that start with `entity_events`; the rest of a target may change in any release.
//!
//! | level | message | when | fields |
//! | --- | --- | --- | --- |
//! | INFO | `event published` | a record was delivered | `event_id`, `event_type`, `topic`, `partition`, `offset` |
//! | INFO | `Kafka is available again` | the first delivery after a logged problem | |
//! | WARN | `Kafka is unavailable; retrying` | brokers do not answer; once for as long as this lasts | `code`, `reason` |
//! | INFO | `event stored in the outbox` | the builder's `fallback` has committed a record that Kafka did not take | `event_id`, `event_type`, `topic` |
//! | INFO | `events go to Kafka again, and no longer to the outbox` | the fallback's table has none of its keys left | |
//! | INFO | `the outbox has events from before; those after them go there` | the fallback has found keys in the table at its start | `keys` |
//! | INFO | `the outbox can be written to again` | the first statement of the fallback after a logged failure | |
//! | WARN | `Kafka does not take events; writing them to the outbox` | the fallback takes the first event | |
//! | WARN | `the outbox cannot be written to; retrying` | a statement of the fallback failed; once for as long as this lasts | `error` |
//! | WARN | `the Kafka producer was replaced` | another librdkafka client has taken over | `breaks` (consecutive) |
//! | ERROR | `event lost` | an accepted record will not be delivered, or its outcome is unknown | `event_id`, `event_type`, `topic`, `key`, `kind`, `error` |
//! | ERROR | `event not published` | a hand-written producer failed in `emit` | `event_id`, `event_type`, `error` |
//! | ERROR | `event not published: one before it in the batch failed` | the same in a batch | `event_id`, `event_type` |
//! | ERROR | `event refused` | an awaited event was not accepted | `event_id`, `event_type`, `topic`, `kind`, `error` |
//! | ERROR | `Kafka cannot be used; retrying` | a login, a certificate or a permission is refused; once in ten minutes | `code`, `reason` |
//! | ERROR | `the Kafka producer is broken; replacing it` | the cluster has lost track of it | `code`, `reason` |
//! | ERROR | `the Kafka producer panicked; replacing it` | most likely, a log layer panicked within rdkafka | |
//! | ERROR | `the Kafka producer could not be replaced` | no new client could be created | `error` |
//! | ERROR | `no more events will be published` | it broke too often, and [`Health::live`] is `false` | `reason` |
//! | ERROR | ``the `on_lost` callback panicked`` | the event itself was reported and counted | `event_id` |
//! | ERROR | `librdkafka's statistics are not UTF-8; keeping the previous ones` | see [`KafkaEventService::statistics`] | `error` |
//!
//! The outcome of an awaited event is logged within the span of its caller. Payloads, header values and secrets are never
//! logged. Partition keys are logged only in `event lost`; set [`KafkaConfig::log_keys`] to `false` to omit them.
//!
//! `event published` is one line per record, with the target `entity_events::published`: the `EnvFilter` directives
//! `info,entity_events::published=warn` turn it off, and keep the rest.
//!
//! librdkafka's own log has the target `librdkafka`: its warnings and errors at WARN, its notices at INFO, and with the
//! property `debug` the rest at DEBUG. Its messages about failed connections are at DEBUG, since one of the lines above
//! reports them. While [`ensure_topics`](KafkaEventService::ensure_topics) creates topics, a separate client logs through the
//! `log` crate, with targets that start with `librdkafka` and `rdkafka`.

mod cluster;
mod config;
#[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
pub(crate) mod courier;
mod oauth;
mod producer;
mod service;
pub(crate) mod thread;
mod topic_plan;
mod topics;

pub use self::cluster::Health;
pub use self::config::{
    ClientProperties, Compression, ConfigError, KafkaConfig, Partitioner, ProducerSettings, SaslMechanism,
    SecurityProtocol, SecuritySettings,
};
#[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
#[doc(hidden)]
pub use self::config::{OnPermanent, OutboxSettings};
#[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
pub(crate) use self::oauth::FetchToken;
pub use self::oauth::OauthToken;
#[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
#[doc(hidden)]
pub use self::producer::FallbackTable;
pub use self::producer::{CloseReport, LostEvent, PublishStats};
#[cfg(any(feature = "outbox-postgres", feature = "outbox-sqlite"))]
pub(crate) use self::producer::{FallbackKey, FallbackRecord, Table, TableError, fallback_sealed};
pub use self::service::{KafkaEventService, KafkaEventServiceBuilder, UnknownOutcome};
pub use self::topic_plan::{TopicPlan, TopicSpec};
pub use self::topics::{TopicError, TopicPolicy};

/// The target of the lines about single records, so that a filter can leave them out and keep the rest.
const PUBLISHED: &str = "entity_events::published";
