//! The promises of the outbox on a real PostgreSQL and a real Kafka, one file per topic.
//!
//! `cargo test --workspace --features entity-events-tests/real-kafka --test outbox`: needs PostgreSQL, Java 17 and Maven, starts the
//! servers itself, and fails if it cannot.

mod blocked;
mod check;
mod debezium;
mod fallback;
mod faults;
mod gallery;
mod lanes;
mod one_form;
mod refusals;
mod topics;
mod wire;

/// Where a snapshot looks for the runtime.
use entity_events as events;
