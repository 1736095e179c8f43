//! Events that commit with the change they describe.

mod backend;
mod blocked;
mod collection;
#[cfg(feature = "outbox-postgres")]
mod debezium;
mod encoder;
mod error;
mod failure;
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
