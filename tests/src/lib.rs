//! What the tests of entity-events share: a service's domain as a team would write it, a real Kafka, and a service
//! under load whose outcomes are checked.
//!
//! This crate depends on `entity-events` as any service does, so it can do only what a user can do.

#[cfg(feature = "real-kafka")]
pub mod debezium;
pub mod domain;
pub mod kafka;
pub mod load;
pub mod log;
pub mod memory;
pub mod nowhere;
mod ports;
#[cfg(feature = "real-kafka")]
pub mod postgres;
#[cfg(feature = "real-kafka")]
pub mod relay_process;
pub mod samples;
pub mod tick;
pub mod verdict;
#[cfg(feature = "real-kafka")]
pub mod writers;
