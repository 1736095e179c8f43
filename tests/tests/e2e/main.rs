//! The promises of the service on a real Kafka, one file per topic.
//!
//! `cargo test --workspace --features entity-events-tests/real-kafka --test e2e`: needs Java 17, Maven and OpenSSL, starts
//! the brokers itself, and fails if it cannot.

mod exit;
mod faults;
mod logins;
mod order;
mod partitions;
mod records;
mod refusals;
mod refused_logins;
mod secrets;
mod tokens;
mod topics;
mod watched;
