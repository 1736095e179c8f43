//! The promises of the outbox on a real PostgreSQL and a real Kafka, one file per topic.
//!
//! `cargo test --workspace --features entity-events-tests/real-kafka --test outbox`: needs PostgreSQL, Java 17 and Maven, starts the
//! servers itself, and fails if it cannot.

mod blocked;
mod check;
mod fallback;
mod faults;
mod lanes;
mod refusals;
mod topics;
