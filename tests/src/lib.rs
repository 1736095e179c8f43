//! What the tests of entity-events share: a service's domain as a team would write it, a real Kafka, and a service
//! under load with a verdict on it.
//!
//! This crate depends on `entity-events` as any service does, so what it can do, a user can do.

pub mod domain;
pub mod kafka;
pub mod load;
pub mod memory;
pub mod samples;
pub mod tick;
pub mod verdict;
