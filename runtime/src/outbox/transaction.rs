//! A producer that writes in a transaction.

use std::fmt;
use std::sync::Arc;

use sqlx::Transaction;
use tokio::sync::Mutex;

use super::backend::Backend;
use super::encoder::Encoder;
use super::failure;
use super::row::OutboxRow;
use crate::error::PublishError;
use crate::event::Event;
use crate::publish::Publish;
use crate::topics::{TopicFor, Topics};

/// Inserts each event at once, in a transaction. Created by [`Outbox::in_transaction`](super::Outbox::in_transaction).
pub struct InTransaction<'a, DB: Backend, T: Topics> {
    /// Producers are shared, a connection is not: several events of one transaction take turns.
    connection: Mutex<&'a mut DB::Connection>,
    encoder: Arc<Encoder<T>>,
}

impl<'a, DB: Backend, T: Topics> InTransaction<'a, DB, T> {
    pub(super) fn new(tx: &'a mut Transaction<'_, DB>, encoder: Arc<Encoder<T>>) -> Self {
        Self { connection: Mutex::new(&mut **tx), encoder }
    }

    async fn insert(&self, rows: &[OutboxRow]) -> Result<(), PublishError> {
        let mut connection = self.connection.lock().await;
        let inserted = DB::insert(&mut connection, rows, self.encoder.table()).await;
        inserted.map_err(|error| failure::of_insert::<DB>(error, rows))
    }

    async fn insert_all<E: Event>(&self, events: &[E]) -> Result<(), PublishError>
    where
        T: TopicFor<E::Entity>,
    {
        let mut rows = Vec::with_capacity(events.len());
        let mut spans = Vec::with_capacity(events.len());
        for event in events {
            let encoded = self.encoder.rows(event)?;
            let (row, tombstone) = encoded.rows;
            rows.push(row);
            rows.extend(tombstone);
            spans.push(encoded.spans);
        }
        let inserted = self.insert(&rows).await;
        if let Err(error) = &inserted {
            for spans in spans {
                spans.failed(error);
            }
        }
        inserted
    }
}

impl<E: Event, DB: Backend, T: TopicFor<E::Entity>> Publish<E> for InTransaction<'_, DB, T> {
    /// Inserts the event. It is published if and when the transaction commits.
    async fn publish(&self, event: E) -> Result<(), PublishError> {
        self.insert_all(&[event]).await
    }

    /// Inserts the events with one statement.
    async fn publish_all(&self, events: Vec<E>) -> Result<(), PublishError> {
        let inserted = self.insert_all(&events).await;
        inserted.map_err(|error| error.with_unpublished(events.iter().map(Event::id)))
    }

    /// Inserts the event. If that fails, committing the transaction fails, too.
    async fn emit(&self, event: E) {
        let events = [event];
        if let Err(error) = self.insert_all(&events).await {
            let [event] = events;
            failure::log_refused(&event, &error);
            let mut connection = self.connection.lock().await;
            DB::refuse_commit(&mut connection, event.id(), &error.to_string()).await;
        }
    }
}

impl<DB: Backend, T: Topics> fmt::Debug for InTransaction<'_, DB, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InTransaction").finish_non_exhaustive()
    }
}
