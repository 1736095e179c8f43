//! Our promises on a real Kafka, one file for each.
//!
//! `cargo test -p entity-events-tests --features real-kafka --test e2e`: needs Java 17 and Maven, starts the
//! brokers by itself, and fails where it cannot.

mod crash;
mod exit;
mod order;
mod partitions;
mod records;
mod refusals;
