//! The outbox that services hold.

use std::fmt;
use std::sync::Arc;

use sqlx::{Pool, Transaction};
use tokio::sync::Notify;

use super::backend::Backend;
use super::blocked::{BlockedKey, Resolution};
use super::collection::Collection;
use super::encoder::Encoder;
use super::error::OutboxError;
use super::failure;
use super::transaction::InTransaction;
use crate::error::PublishError;
use crate::guard::log;
use crate::kafka::KafkaConfig;
use crate::topics::Topics;

/// Writes events to the outbox table, in the transaction of the change that they describe. Clones share everything.
///
/// [`PgOutbox`](super::PgOutbox) and [`SqliteOutbox`](super::SqliteOutbox) are its two kinds.
pub struct Outbox<DB: Backend, T: Topics> {
    pool: Pool<DB>,
    encoder: Arc<Encoder<T>>,
    wake: Arc<Notify>,
}

impl<DB: Backend, T: Topics> Outbox<DB, T> {
    /// The SQL that creates the tables, for a migration: `PgOutbox::<Topics>::SCHEMA`, which is also the file
    /// [`postgres.sql`](https://github.com/entity-events/entity-events/blob/main/runtime/src/outbox/sql/postgres.sql), or `sqlite.sql`
    /// beside it. Running it again changes nothing, and needs the tables' owner.
    pub const SCHEMA: &str = DB::SCHEMA;

    /// Creates an outbox on the database of a pool, with the topics and `producer.message_max_bytes` of a configuration. Does not
    /// connect.
    #[must_use]
    pub fn new(pool: Pool<DB>, config: &KafkaConfig<T>) -> Self {
        Self { pool, encoder: Arc::new(Encoder::new(config)), wake: Arc::default() }
    }

    /// Checks that the tables are there, with the columns that the outbox needs and the permissions of a writer. Call it once,
    /// at the start. A relay also checks its own permissions when it starts.
    ///
    /// # Errors
    ///
    /// Returns an error that holds the SQL to run if something is missing or differs, or the database's error.
    pub async fn check(&self) -> Result<(), OutboxError> {
        let table = DB::check(&self.pool, false).await?;
        self.encoder.set_table(table);
        DB::check_headers(&self.pool, T::headers()).await?;
        Ok(())
    }

    /// Returns an empty collection: domain code publishes to it, and [`commit`](Self::commit) writes everything with one
    /// statement.
    #[must_use]
    pub fn collect(&self) -> Collection<T> {
        Collection::with_encoder(Arc::clone(&self.encoder))
    }

    /// Returns a producer that inserts each event at once, in a transaction that is at hand. After the commit, call
    /// [`wake`](Self::wake).
    ///
    /// It is for code that takes a `&dyn EventProducer`; where an `Arc` is needed, [`collect`](Self::collect).
    ///
    /// If an event of an `emit` cannot be inserted, committing the transaction fails, and until then its statements see nothing of its
    /// changes any more. In PostgreSQL this needs the right to make temporary tables (`TEMP`); without it the connection is ended.
    #[must_use]
    pub fn in_transaction<'a>(&self, tx: &'a mut Transaction<'_, DB>) -> InTransaction<'a, DB, T> {
        InTransaction::new(tx, Arc::clone(&self.encoder))
    }

    /// Inserts the collected events with one statement, commits, and wakes the relay.
    ///
    /// # Errors
    ///
    /// Returns an error with the ids of the events if they were not inserted, or not committed; everything is rolled back then.
    /// The kind is [`Unknown`](crate::ErrorKind::Unknown) if the connection was lost during the commit.
    pub async fn commit(
        &self,
        mut tx: Transaction<'_, DB>,
        events: Collection<T>,
    ) -> Result<(), PublishError> {
        let rows = events.into_rows()?;
        DB::insert(&mut tx, &rows, self.encoder.table())
            .await
            .map_err(|error| failure::of_insert::<DB>(error, &rows))?;
        tx.commit().await.map_err(|error| failure::of_commit::<DB>(error, &rows))?;
        self.wake();
        Ok(())
    }

    /// Wakes the relay after a commit, in this process without SQL. Without it, events wait for the relay's next poll
    /// (`outbox.poll_interval_ms`).
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Returns the keys that cannot go on, oldest first.
    ///
    /// # Errors
    ///
    /// Returns the database's error.
    pub async fn blocked(&self) -> Result<Vec<BlockedKey>, OutboxError> {
        DB::blocked(&self.pool).await
    }

    /// Sends the oldest event of a blocked key again, and then those behind it.
    ///
    /// # Errors
    ///
    /// Returns an error if the key is not blocked any more, or the database's error.
    pub async fn retry(&self, key: &BlockedKey) -> Result<(), OutboxError> {
        self.resolve(key, Resolution::Retry).await
    }

    /// Drops the oldest event of a blocked key, and sends those behind it. The event is lost.
    ///
    /// # Errors
    ///
    /// As [`retry`](Self::retry).
    pub async fn skip(&self, key: &BlockedKey) -> Result<(), OutboxError> {
        self.resolve(key, Resolution::Skip).await
    }

    /// Moves the oldest event of a blocked key to `outbox_dead`, and sends those behind it.
    ///
    /// # Errors
    ///
    /// As [`retry`](Self::retry).
    pub async fn park(&self, key: &BlockedKey) -> Result<(), OutboxError> {
        self.resolve(key, Resolution::Park).await
    }

    async fn resolve(&self, key: &BlockedKey, resolution: Resolution) -> Result<(), OutboxError> {
        if !DB::resolve(&self.pool, key, resolution).await? {
            let text = format!(
                "`{}` is not blocked in topic `{}` by that event; list the keys again",
                key.key, key.topic
            );
            return Err(OutboxError::new(text));
        }
        let (event_id, event_type, topic) = (key.event_id, &key.event_type, &key.topic);
        match resolution {
            Resolution::Retry => {}
            Resolution::Skip => log(|| tracing::warn!(%event_id, event_type, topic, "event skipped")),
            Resolution::Park => {
                log(|| tracing::warn!(%event_id, event_type, topic, "event moved to `outbox_dead`"));
            }
        }
        self.wake();
        Ok(())
    }

    pub(super) fn pool(&self) -> &Pool<DB> {
        &self.pool
    }

    pub(super) fn encoder(&self) -> &Encoder<T> {
        &self.encoder
    }

    pub(super) fn waker(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }
}

impl<DB: Backend, T: Topics> Clone for Outbox<DB, T> {
    fn clone(&self) -> Self {
        Self { pool: self.pool.clone(), encoder: Arc::clone(&self.encoder), wake: Arc::clone(&self.wake) }
    }
}

impl<DB: Backend, T: Topics> fmt::Debug for Outbox<DB, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").field("encoder", &self.encoder).finish_non_exhaustive()
    }
}
