//! Traces and metrics on a real Kafka and a real PostgreSQL, as exporters get them.
//!
//! `cargo test --workspace --features entity-events-tests/real-kafka --test telemetry`: needs what `outbox` needs. A binary of its
//! own, since a process has one subscriber and one recorder, and a relay has threads of its own.

mod capture;
mod direct;
mod metrics;
mod outbox;
