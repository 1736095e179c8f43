//! Events that wait to be written, all at once, in a transaction.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::Transaction;

use super::backend::Backend;
use super::encoder::Encoder;
use super::failure;
use super::row::{EventRows, OutboxRow};
use crate::error::{ErrorKind, PublishError};
use crate::event::Event;
use crate::guard::log;
use crate::kafka::KafkaConfig;
use crate::publish::Publish;
use crate::topics::{TopicFor, Topics};

/// Events that were published by domain code and are not written yet. Created by [`Outbox::collect`](super::Outbox::collect),
/// or by [`new`](Self::new) where there is no outbox.
///
/// It implements every producer trait of `T`. `publish` and `emit` encode the event and put it in, without waiting. Clones share
/// the events, so that domain code can hold an `Arc<dyn EventProducer>` of it.
///
/// Write the events in the transaction of the change, with [`Outbox::commit`](super::Outbox::commit), [`write`](Self::write) or
/// [`into_rows`](Self::into_rows). Until then they exist in memory only: a collection that is dropped with events in it logs each
/// of them at `ERROR` as lost. One whose transaction is rolled back on purpose is [`discard`](Self::discard)ed.
pub struct Collection<T: Topics>(Arc<Inner<T>>);

struct Inner<T: Topics> {
    encoder: Arc<Encoder<T>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rows: Vec<OutboxRow>,
    written: bool,
    /// An event that `emit` could not put in: the change must not be committed without it.
    refused: Option<PublishError>,
}

impl<T: Topics> Collection<T> {
    /// Creates an empty collection, with the topics and `producer.message_max_bytes` of a configuration.
    ///
    /// For a service without a pool of sqlx, which writes the rows with a driver of its own; see [`into_rows`](Self::into_rows).
    /// [`Outbox::collect`](super::Outbox::collect) is the same with an outbox at hand.
    #[must_use]
    pub fn new(config: &KafkaConfig<T>) -> Self {
        Self::with_encoder(Arc::new(Encoder::new(config)))
    }

    pub(super) fn with_encoder(encoder: Arc<Encoder<T>>) -> Self {
        Self(Arc::new(Inner { encoder, state: Mutex::default() }))
    }

    /// Returns the number of rows that wait to be written.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.lock().rows.len()
    }

    /// Returns whether no rows wait to be written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Inserts the events with one statement. After the commit, call [`Outbox::wake`](super::Outbox::wake).
    ///
    /// Lock the entity's row before, with the statement that changes it: then the numbers of one entity's events follow the
    /// order of the commits.
    ///
    /// # Errors
    ///
    /// Returns an error with the ids of the events if the insert fails, or if an `emit` before could not put its event in; roll
    /// the transaction back then. Also if the collection was written before.
    pub async fn write<DB: Backend>(&self, tx: &mut Transaction<'_, DB>) -> Result<(), PublishError> {
        let rows = self.take()?;
        DB::insert(tx, &rows, self.0.encoder.table())
            .await
            .map_err(|error| failure::of_insert::<DB>(error, &rows))
    }

    /// Returns the events as rows, to be inserted by any driver in the transaction of the change. From here on they are the
    /// caller's.
    ///
    /// # Errors
    ///
    /// Returns an error if an `emit` before could not put its event in, or if the collection was written before.
    pub fn into_rows(self) -> Result<Vec<OutboxRow>, PublishError> {
        self.take()
    }

    /// Forgets the events, since their change is not made either.
    pub fn discard(self) {
        let mut state = self.0.lock();
        state.written = true;
        state.rows.clear();
    }

    fn take(&self) -> Result<Vec<OutboxRow>, PublishError> {
        let mut state = self.0.lock();
        if state.written {
            let text = "the collection was written before; collect the events of each transaction separately";
            return Err(PublishError::new(ErrorKind::Permanent, text));
        }
        state.written = true;
        let rows = std::mem::take(&mut state.rows);
        match state.refused.take() {
            Some(error) => {
                let refused = error.unpublished().to_vec();
                Err(error.with_unpublished(failure::ids(&rows).chain(refused)))
            }
            None => Ok(rows),
        }
    }
}

impl<T: Topics> Inner<T> {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put<E: Event>(&self, event: &E) -> Result<(), PublishError>
    where
        T: TopicFor<E::Entity>,
    {
        let EventRows { rows: (row, tombstone), spans } = self.encoder.rows(event)?;
        let mut state = self.lock();
        if state.written {
            drop(state);
            let text = format!(
                "`{}` was not published: the collection was written before; publish before the commit, or collect again",
                event.event_type()
            );
            let error = PublishError::new(ErrorKind::Permanent, text).with_unpublished([event.id()]);
            spans.failed(&error);
            return Err(error);
        }
        state.rows.push(row);
        state.rows.extend(tombstone);
        // Ending the spans runs foreign code: not under the lock.
        drop(state);
        drop(spans);
        Ok(())
    }
}

impl<E: Event, T: TopicFor<E::Entity>> Publish<E> for Collection<T> {
    /// Puts the event in. It is published if and when the transaction that it is written in commits.
    async fn publish(&self, event: E) -> Result<(), PublishError> {
        self.0.put(&event)
    }

    /// Puts the event in. If that fails, writing the collection fails, and with it the change.
    async fn emit(&self, event: E) {
        let Err(error) = self.0.put(&event) else { return };
        // Its transaction was written without it, and nothing can fail any more.
        if self.0.lock().written {
            return failure::log_late(&event, &error);
        }
        failure::log_refused(&event, &error);
        let mut state = self.0.lock();
        let first = state.refused.take().unwrap_or(error);
        let ids: Vec<_> = first.unpublished().iter().copied().filter(|id| *id != event.id()).collect();
        state.refused = Some(first.with_unpublished(ids.into_iter().chain([event.id()])));
    }
}

impl<T: Topics> Drop for Inner<T> {
    fn drop(&mut self) {
        for row in std::mem::take(&mut self.lock().rows) {
            let (id, event_type, topic) = (row.event_id(), row.event_type(), row.topic());
            let (key, kind) = (row.key_to_show(), ErrorKind::Permanent);
            let error = "the collection was dropped unwritten; write it in the transaction of the change";
            log(|| tracing::error!(event_id = %id, event_type, topic, key, %kind, error, "event lost"));
        }
    }
}

impl<T: Topics> Clone for Collection<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Topics> fmt::Debug for Collection<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collection").field("rows", &self.len()).finish_non_exhaustive()
    }
}
