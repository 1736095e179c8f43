//! The database that the service runs on, whichever it is.

use std::sync::Arc;

use async_trait::async_trait;
use entity_events::outbox::{OutboxError, OutboxRelay, sqlx};
use serde::Serialize;

use super::postgres::Postgres;
use super::sqlite::Sqlite;
use crate::config::{DatabaseUrl, KafkaConfig};
use crate::domain::interfaces::{Database, StorageError};

/// The domain's database, with the outbox in it.
#[async_trait]
pub trait Store: Database {
    /// Starts the relay, which sends committed events to Kafka.
    async fn start_relay(&self, config: &KafkaConfig) -> Result<OutboxRelay, OutboxError>;

    /// The events that wait in the outbox.
    async fn waiting(&self) -> Result<Waiting, StorageError>;

    /// Ends all connections.
    async fn close(&self);
}

/// The events that wait in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Waiting {
    /// How many; 1000 stands for more.
    pub count: i64,
    /// The oldest of them.
    pub events: Vec<WaitingEvent>,
}

/// An event that waits in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingEvent {
    /// Its number in the outbox; those of one key follow the commits.
    pub number: i64,
    /// Its type, such as `ProductCreated`.
    pub event_type: String,
    /// Its partition key.
    pub key: String,
}

/// The error returned if the database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is of no database that the service knows.
    #[error("unknown database in `DATABASE_URL`; use `postgres://USER:PASSWORD@HOST/NAME` or `sqlite:FILE`")]
    Unknown,
    /// The database does not answer. The driver tries again until it gives up, and forgets why.
    #[error(
        "the database in `DATABASE_URL` does not answer; check that it runs, its host and port, and the password"
    )]
    Away,
    /// The database cannot be used.
    #[error("cannot open the database in `DATABASE_URL`: {0}")]
    Database(sqlx::Error),
    /// The outbox's tables are not as they should be.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut => Self::Away,
            error => Self::Database(error),
        }
    }
}

/// Opens a database, and creates its tables if they are not there.
///
/// # Errors
///
/// See [`OpenError`].
pub async fn open(url: &DatabaseUrl, config: &KafkaConfig) -> Result<Arc<dyn Store>, OpenError> {
    match url.scheme() {
        "postgres" | "postgresql" => Ok(Arc::new(Postgres::open(url.as_str(), config).await?)),
        "sqlite" => Ok(Arc::new(Sqlite::open(url.as_str(), config).await?)),
        _ => Err(OpenError::Unknown),
    }
}
