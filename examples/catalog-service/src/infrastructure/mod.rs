//! The outside: databases and Kafka.

pub mod kafka;
mod pending_events;
mod postgres;
mod rows;
mod sqlite;
mod store;

pub use self::store::{OpenError, Store, Waiting, WaitingEvent, open};
