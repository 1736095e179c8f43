//! Events that commit with the change they describe: rows in the caller's own transaction, and a relay that sends them.
//!
//! A change in a database and its event in Kafka are two commits. A process that dies in between loses the event, and nobody learns
//! of it. With an outbox they are one: the event is a row that is committed with the change, and a relay sends committed rows, in
//! order per key, until Kafka has acknowledged them.
//!
//! ```no_run
//! # use entity_events::kafka::KafkaConfig;
//! # use entity_events::{EntityEvents, PublishError, Uuid};
//! # #[derive(Debug, Clone, EntityEvents)]
//! # struct Product { id: Uuid }
//! # #[cfg(feature = "outbox-postgres")]
//! # async fn service(config: KafkaConfig<ProductTopics>, product: Product, request: Uuid) -> Result<(), Box<dyn std::error::Error>> {
//! # use std::time::Duration;
//! use entity_events::outbox::{OutboxRelay, PgOutbox, sqlx::PgPool};
//!
//! let pool = PgPool::connect("postgres://localhost/catalog").await?;
//! let outbox = PgOutbox::<ProductTopics>::new(pool.clone(), &config);
//! outbox.check().await?; // the table is as it should be, or the error holds the SQL to run
//! let relay = OutboxRelay::builder(&outbox, &config).start().await?; // once per process
//!
//! // Domain code knows no database: it publishes to a collection, which implements every producer trait.
//! let events = outbox.collect();
//! let mut tx = pool.begin().await?;
//! // 1. the statements of the change, which lock the entity's row
//! events.publish_product_event(ProductEvent::new_created(&product, request)).await?;
//! // 2. all events with one INSERT, the COMMIT, and the relay is woken
//! outbox.commit(tx, events).await?;
//!
//! // Or, where the transaction is at hand:
//! let mut tx = pool.begin().await?;
//! outbox.in_transaction(&mut tx).publish_product_event(ProductEvent::new_created(&product, request)).await?;
//! tx.commit().await?;
//! outbox.wake();
//!
//! relay.close(Duration::from_secs(10)).await; // another process takes over at once
//! # Ok(())
//! # }
//! ```
//!
//! # What is promised
//!
//! - **At least once.** Every committed event arrives, whatever is killed: the service, the relay, the database, brokers. An event
//!   whose transaction is rolled back is never sent. Duplicates, under one `ce_id`, come only after something was killed, a lease
//!   was lost or a delivery timed out; consumers drop them by that id.
//! - **In order per key**, in the order of the commits, across failures, restarts and a change of the relay, with one condition: the
//!   transaction changes the entity's row *before* it inserts the event. The lock on that row then makes the numbers of the events
//!   follow the commits. If two transactions insert events of one key without a lock between them, their order is open.
//! - **One form.** The record is byte for byte the one that [`KafkaEventService`](crate::kafka::KafkaEventService) sends: key, value,
//!   headers, tombstones.
//! - **An event that cannot be written fails its transaction.** That is also true for `emit`, whose caller does not learn of the
//!   failure: the `COMMIT` fails, with the event's id. An event above `producer.message_max_bytes` is refused before the commit, by its
//!   size before compression. An `emit` after the collection was written can fail nothing any more, and logs its event as lost.
//! - A collection that is dropped with events in it logs each of them as lost. Where the transaction is rolled back on purpose,
//!   [`Collection::discard`] says so.
//!
//! The tests that prove it, in the repository's `tests/tests/outbox`, on a real PostgreSQL and three real brokers:
//!
//! | promise | tests |
//! | --- | --- |
//! | nothing is lost or out of order, none of a rollback arrives | `faults.rs`: relays that are killed twenty times, stopped beyond their lease, started at once, in eight processes; a database that crashes or stops answering; one and two of three brokers that crash; a transaction that stays open; a full pool; rows inserted by hand |
//! | the record is that of the direct lane | `one_form.rs`, for every entity of the macros' snapshots |
//! | an event that cannot be written fails its transaction | `refusals.rs`, and `outbox_sqlite.rs` for SQLite |
//! | a refused event stops its key alone | `blocked.rs` |
//! | a topic that cannot be written to holds up no other | `topics.rs` |
//! | the check's SQL repairs the tables | `check.rs` |
//!
//! Nothing is promised across keys or topics, and nothing while the database is lost. A database that is restored from a backup
//! sends what the backup holds, again.
//!
//! # The tables
//!
//! [`Outbox::SCHEMA`] is the SQL for a migration, and [`Outbox::check`] compares the tables with it at the start. The relay inserts
//! into and deletes from `outbox_event`, and never updates it: that is half the work for PostgreSQL, and the form that Debezium reads.
//! Where Debezium runs already, it can send the rows in place of a relay: `Outbox::debezium` makes its columns and its connector.
//!
//! | table | holds |
//! | --- | --- |
//! | `outbox_event` | what waits for delivery |
//! | `outbox_lease` | which relay works (PostgreSQL) |
//! | `outbox_blocked` | keys whose oldest event Kafka refuses |
//! | `outbox_dead` | events that were parked |
//!
//! A service that only writes needs `SELECT` and `INSERT` on `outbox_event`, and for `emit` within [`Outbox::in_transaction`] also
//! `TEMP` on the database; a relay needs what [`OutboxRelayBuilder::start`] lists if it lacks something.
//!
//! The pools are those of sqlx 0.9, which [`sqlx`] re-exports without TLS, macros, derives and migrations. Add
//! `sqlx = { version = "0.9", features = ["tls-rustls", "macros", "migrate"] }` for these; another version does not fit.
//!
//! The topics have to be there: [`KafkaEventService::ensure_topics`](crate::kafka::KafkaEventService::ensure_topics) checks or creates them,
//! also for a service that publishes through the outbox alone.
//!
//! # Several instances
//!
//! Start a relay in every instance. One has the lease and works; the others stand by. A relay that is closed gives the lease back, and
//! another takes over within milliseconds; one that is killed is replaced when its lease is over (`outbox.lease_ms`). The database's
//! clock decides. A relay stops sending in time before its own lease ends, also if its process was stopped in between.
//!
//! A relay that stands by wakes the one that works, by one `NOTIFY` for all commits of a few milliseconds, outside of the
//! transactions. What a process without a relay commits is found by the next poll (`outbox.poll_interval_ms`).
//!
//! With SQLite there is one relay for each file, which a lock on `<file>-relay` ensures, and the database has to be in WAL mode.
//!
//! # Failures
//!
//! | what fails | then |
//! | --- | --- |
//! | brokers are away | rows wait in the table; memory stays bounded; [`OutboxRelay::health`] stays ready and has the reason |
//! | a topic is missing, or may not be written to | its rows wait, those of other topics go on; `health` is not ready and names it, after up to 30 seconds in which it may say that Kafka does not answer |
//! | Kafka refuses an event for itself, such as for its size | its key is blocked, other keys go on; or it is parked, with `outbox.on_permanent = "park"` |
//! | the database is away | the relay connects again; what is acknowledged and not deleted by the end of the lease is sent twice |
//!
//! A refused event is tried once in a batch of its own before its key is blocked, since Kafka refuses batches as a whole.
//!
//! # Operating it
//!
//! Alert on the age of the oldest row, on blocked keys, and on `health`. [`OutboxRelay::stats`] has these in memory, as of the last count;
//! a relay that stands by has 0 in all of them, so take the maximum over the instances. In SQL:
//!
//! ```sql
//! SELECT count(*), now() - min(created_at) FROM outbox_event;              -- what waits, and for how long
//! SELECT holder, epoch, until - clock_timestamp() FROM outbox_lease;       -- who works
//! SELECT topic, aggregateid, since, attempts, error FROM outbox_blocked;   -- what waits for a person
//! ```
//!
//! A blocked key goes on by [`Outbox::retry`], [`Outbox::skip`] or [`Outbox::park`]; in SQL, each within a second:
//!
//! ```sql
//! -- try it again, for example after raising the topic's `max.message.bytes`
//! UPDATE outbox_blocked SET retry = true WHERE topic = 't' AND aggregateid = 'k';
//! -- drop its oldest event, which is lost
//! WITH head AS (DELETE FROM outbox_blocked WHERE topic = 't' AND aggregateid = 'k' RETURNING seq)
//! DELETE FROM outbox_event WHERE seq = (SELECT seq FROM head);
//! -- keep its oldest event aside
//! WITH head AS (DELETE FROM outbox_blocked WHERE topic = 't' AND aggregateid = 'k' RETURNING seq, error),
//!      event AS (DELETE FROM outbox_event WHERE seq = (SELECT seq FROM head) RETURNING *)
//! INSERT INTO outbox_dead (seq, id, aggregatetype, aggregateid, type, payload, topic, headers, created_at, error)
//! SELECT event.seq, id, aggregatetype, aggregateid, type, payload, topic, headers, created_at, head.error FROM event, head;
//! -- send parked events again, at the end of their keys
//! WITH event AS (DELETE FROM outbox_dead WHERE topic = 't' RETURNING *)
//! INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload, topic, headers)
//! SELECT id, aggregatetype, aggregateid, type, payload, topic, headers FROM event ORDER BY seq;
//! ```
//!
//! There is nothing to clean up: delivered rows are deleted, and the schema sets autovacuum to their number. Delete from `outbox_dead`
//! what nobody needs. A session that keeps an old snapshot for hours keeps deleted rows in the table, as it does everywhere.
//!
//! # What is logged
//!
//! | level | message | when | fields |
//! | --- | --- | --- | --- |
//! | INFO | `the outbox's relay is active` | it has taken the lease | `epoch` |
//! | INFO | `the outbox's relay has ended` | it was closed, and the lease is given back | `epoch` |
//! | INFO | `event published` | a record was delivered | `event_id`, `event_type`, `topic`, `partition`, `offset` |
//! | INFO | `the outbox's database (..) can be used again` | | `purpose` |
//! | WARN | `the outbox's relay has lost its lease; standing by` | | `epoch`, `reason` |
//! | WARN | `the outbox's database (..) cannot be used; retrying` | once for each purpose (`reading`, `deleting`, `renewing the lease`, `blocking keys`, `counting`, `asking for the lease`, `returning the lease`, `listening`), for as long as this lasts | `purpose`, `error` |
//! | WARN | `the relay's Kafka producer is broken; replacing it` | the cluster has lost track of it | |
//! | ERROR | `the relay's Kafka producer could not be replaced` | it is tried again | `error` |
//! | WARN | `event skipped`; ``event moved to `outbox_dead` `` | [`Outbox::skip`] or [`Outbox::park`]; SQL logs nothing | `event_id`, `event_type`, `topic` |
//! | ERROR | `event lost` | a collection was dropped unwritten, or its transaction was written before an `emit` | `event_id`, `event_type`, `topic`, `key`, `kind`, `error` |
//! | ERROR | `event not written to the outbox; the transaction will fail` | an `emit` could not insert its event | `event_id`, `event_type`, `kind`, `error` |
//! | ERROR | `the transaction could not be made to fail; roll it back` | the same in SQLite, if the connection is broken | `event_id`, `error` |
//! | ERROR | `the outbox cannot deliver to a topic; retrying` | | `reason` |
//! | ERROR | `Kafka refuses an event; its key is blocked` | | `event_id`, `event_type`, `topic`, `error` |
//! | ERROR | ``Kafka refuses an event; moved to `outbox_dead` `` | | `event_id`, `event_type`, `topic`, `error` |
//! | ERROR | `the outbox's relay panicked; starting it again` | most likely, a log layer panicked | |
//!
//! What the relay's producer says of Kafka is logged as in [`kafka`](crate::kafka).
//!
//! # Other drivers
//!
//! [`Collection::into_rows`] gives the rows to any driver, which inserts them in its own transaction. `tests/drivers` in the repository
//! has tested examples with SeaORM, tokio-postgres and diesel-async.

mod backend;
mod blocked;
mod collection;
#[cfg(feature = "outbox-postgres")]
mod debezium;
mod encoder;
mod error;
mod failure;
mod fallback;
mod handle;
#[cfg(feature = "outbox-postgres")]
mod postgres;
mod relay;
mod row;
#[cfg(feature = "outbox-sqlite")]
mod sqlite;
mod transaction;

pub use sqlx;

pub use self::backend::Backend;
pub use self::blocked::BlockedKey;
pub use self::collection::Collection;
#[cfg(feature = "outbox-postgres")]
pub use self::debezium::Debezium;
pub use self::error::OutboxError;
pub use self::handle::Outbox;
#[cfg(feature = "outbox-postgres")]
pub use self::postgres::{INSERT_ALL_POSTGRES, INSERT_POSTGRES};
pub use self::relay::{OutboxRelay, OutboxRelayBuilder, RelayReport, RelayRole, RelayStats};
pub use self::row::OutboxRow;
#[cfg(feature = "outbox-sqlite")]
pub use self::sqlite::INSERT_SQLITE;
pub use self::transaction::InTransaction;
pub use crate::kafka::{OnPermanent, OutboxSettings};

/// An outbox in PostgreSQL 13 or newer.
#[cfg(feature = "outbox-postgres")]
pub type PgOutbox<T> = Outbox<sqlx::Postgres, T>;

/// An outbox in SQLite, for one process at a time.
#[cfg(feature = "outbox-sqlite")]
pub type SqliteOutbox<T> = Outbox<sqlx::Sqlite, T>;
