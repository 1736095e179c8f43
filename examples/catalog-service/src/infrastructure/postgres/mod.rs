//! The domain's database in PostgreSQL.

mod orders;
mod products;
mod unit_of_work;

use std::time::Duration;

use async_trait::async_trait;
use entity_events::outbox::sqlx::postgres::PgPoolOptions;
use entity_events::outbox::sqlx::{PgPool, query, query_as, query_scalar, raw_sql};
use entity_events::outbox::{OutboxError, OutboxRelay, PgOutbox};

use self::unit_of_work::PgUnitOfWork;
use super::rows::failed;
use super::store::{OpenError, Store, Waiting, WaitingEvent};
use crate::config::{KafkaConfig, Topics};
use crate::domain::interfaces::{Database, StorageError, UnitOfWork};

/// The tables of the entities. A service with a history of them uses migrations instead, such as sqlx's.
const SCHEMA: &str = include_str!("schema.sql");

/// A pool, and the outbox in its database.
#[derive(Debug)]
pub(super) struct Postgres {
    pool: PgPool,
    outbox: PgOutbox<Topics>,
}

impl Postgres {
    pub(super) async fn open(url: &str, config: &KafkaConfig) -> Result<Self, OpenError> {
        let options = PgPoolOptions::new().acquire_timeout(Duration::from_secs(5));
        let pool = options.connect(url).await?;
        create_tables(&pool).await?;
        let outbox = PgOutbox::new(pool.clone(), config);
        outbox.check().await?;
        Ok(Self { pool, outbox })
    }

    async fn unit_of_work(&self, begin: &'static str) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let tx = self.pool.begin_with(begin).await.map_err(failed)?;
        Ok(Box::new(PgUnitOfWork::new(tx, self.outbox.clone())))
    }
}

/// One instance at a time: two that create one table meet in PostgreSQL's catalog.
async fn create_tables(pool: &PgPool) -> Result<(), OpenError> {
    let mut tx = pool.begin().await?;
    query("SELECT pg_advisory_xact_lock(hashtext('catalog-service'))").execute(&mut *tx).await?;
    raw_sql(SCHEMA).execute(&mut *tx).await?;
    raw_sql(PgOutbox::<Topics>::SCHEMA).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

#[async_trait]
impl Database for Postgres {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        self.unit_of_work("BEGIN").await
    }

    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        self.unit_of_work("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    }

    async fn ping(&self) -> Result<(), StorageError> {
        query("SELECT 1").execute(&self.pool).await.map(drop).map_err(failed)
    }
}

#[async_trait]
impl Store for Postgres {
    async fn start_relay(&self, config: &KafkaConfig) -> Result<OutboxRelay, OutboxError> {
        OutboxRelay::builder(&self.outbox, config).start().await
    }

    async fn waiting(&self) -> Result<Waiting, StorageError> {
        let some = "SELECT count(*) FROM (SELECT FROM outbox_event LIMIT 1000) AS some";
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
