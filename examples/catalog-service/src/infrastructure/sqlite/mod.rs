//! The domain's database in SQLite: for one process.

mod orders;
mod products;
mod unit_of_work;

use std::str::FromStr;

use async_trait::async_trait;
use entity_events::outbox::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use entity_events::outbox::sqlx::{SqlitePool, query, query_as, query_scalar, raw_sql};
use entity_events::outbox::{OutboxError, OutboxRelay, SqliteOutbox};

use self::unit_of_work::SqliteUnitOfWork;
use super::rows::failed;
use super::store::{OpenError, Store, Waiting, WaitingEvent};
use crate::config::{KafkaConfig, Topics};
use crate::domain::interfaces::{Database, StorageError, UnitOfWork};

/// The tables of the entities.
const SCHEMA: &str = include_str!("schema.sql");

/// A pool, and the outbox in its file.
#[derive(Debug)]
pub(super) struct Sqlite {
    pool: SqlitePool,
    outbox: SqliteOutbox<Topics>,
}

impl Sqlite {
    pub(super) async fn open(url: &str, config: &KafkaConfig) -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal); // the relay reads while the service writes
        let pool = SqlitePool::connect_with(options).await?;
        raw_sql(SCHEMA).execute(&pool).await?;
        raw_sql(SqliteOutbox::<Topics>::SCHEMA).execute(&pool).await?;
        let outbox = SqliteOutbox::new(pool.clone(), config);
        outbox.check().await?;
        Ok(Self { pool, outbox })
    }

    async fn unit_of_work(&self, begin: &'static str) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let tx = self.pool.begin_with(begin).await.map_err(failed)?;
        Ok(Box::new(SqliteUnitOfWork::new(tx, self.outbox.clone())))
    }
}

#[async_trait]
impl Database for Sqlite {
    /// The only writer from its beginning, so that it never has to be tried again.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        self.unit_of_work("BEGIN IMMEDIATE").await
    }

    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        self.unit_of_work("BEGIN").await
    }

    async fn ping(&self) -> Result<(), StorageError> {
        query("SELECT 1").execute(&self.pool).await.map(drop).map_err(failed)
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn start_relay(&self, config: &KafkaConfig) -> Result<OutboxRelay, OutboxError> {
        OutboxRelay::builder(&self.outbox, config).start().await
    }

    async fn waiting(&self) -> Result<Waiting, StorageError> {
        let some = "SELECT count(*) FROM (SELECT 1 FROM outbox_event LIMIT 1000)";
        let count = query_scalar(some).fetch_one(&self.pool).await.map_err(failed)?;
        let oldest = "SELECT seq, type, aggregateid FROM outbox_event ORDER BY seq LIMIT 50";
        let rows = query_as(oldest).fetch_all(&self.pool).await.map_err(failed)?;
        let event = |(number, event_type, key)| WaitingEvent { number, event_type, key };
        Ok(Waiting { count, events: rows.into_iter().map(event).collect() })
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}
