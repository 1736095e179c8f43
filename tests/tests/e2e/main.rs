//! Our promises on a real Kafka, one file for each.
//!
//! `cargo test --workspace --features entity-events-tests/real-kafka --test e2e`: needs Java 17, Maven and OpenSSL, starts
//! the brokers by itself, and fails where it cannot.

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
mod watched;
