//! The outbox with drivers other than sqlx: examples that are compiled and tested.
//!
//! | driver | example |
//! | --- | --- |
//! | diesel-async | `tests/diesel_async.rs` |
//! | SeaORM | `tests/sea_orm.rs` |
//! | tokio-postgres | `tests/tokio_postgres.rs` |
//!
//! In each of them [domain code](domain) publishes to a [`Collection`](entity_events::outbox::Collection), and the driver
//! writes the rows of the collection in a transaction of its own: first the statement that changes the entity, then
//! [`INSERT_POSTGRES`](entity_events::outbox::INSERT_POSTGRES) or
//! [`INSERT_ALL_POSTGRES`](entity_events::outbox::INSERT_ALL_POSTGRES) with the getters of
//! [`OutboxRow`](entity_events::outbox::OutboxRow).
//!
//! They need Debian's package `postgresql`; see [`Database`](database::Database).

pub mod database;
pub mod domain;
#[path = "../../src/ports.rs"]
mod ports;
pub mod samples;
mod server;
