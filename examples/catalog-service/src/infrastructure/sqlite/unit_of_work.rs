//! A transaction, with the events of its changes.

use async_trait::async_trait;
use entity_events::PublishError;
use entity_events::outbox::SqliteOutbox;
use entity_events::outbox::sqlx::{Sqlite, Transaction};
use tokio::sync::Mutex;

use crate::config::Topics;
use crate::domain::interfaces::{EventProducer, UnitOfWork};
use crate::domain::order::OrderRepository;
use crate::domain::product::ProductRepository;
use crate::infrastructure::pending_events::PendingEvents;

/// Its repositories are in `products` and `orders`. They share one connection, and take turns.
#[derive(Debug)]
pub(super) struct SqliteUnitOfWork {
    pub(super) tx: Mutex<Transaction<'static, Sqlite>>,
    events: PendingEvents,
    outbox: SqliteOutbox<Topics>,
}

impl SqliteUnitOfWork {
    pub(super) fn new(tx: Transaction<'static, Sqlite>, outbox: SqliteOutbox<Topics>) -> Self {
        Self { tx: Mutex::new(tx), events: PendingEvents::new(outbox.collect()), outbox }
    }
}

#[async_trait]
impl UnitOfWork for SqliteUnitOfWork {
    fn products(&self) -> &dyn ProductRepository {
        self
    }

    fn orders(&self) -> &dyn OrderRepository {
        self
    }

    fn events(&self) -> &dyn EventProducer {
        self.events.producer()
    }

    async fn commit(self: Box<Self>) -> Result<(), PublishError> {
        self.outbox.commit(self.tx.into_inner(), self.events.collection()).await
    }
}
