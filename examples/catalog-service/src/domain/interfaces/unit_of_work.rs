//! One change and its events: all of it happens, or nothing.

use async_trait::async_trait;
use entity_events::PublishError;

use super::{EventProducer, StorageError};
use crate::domain::order::OrderRepository;
use crate::domain::product::ProductRepository;

/// Begins units of work.
#[async_trait]
pub trait Database: Send + Sync {
    /// Begins a change.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError>;

    /// Begins to read: everything that is read is of the same moment.
    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StorageError>;

    /// Fails if the database does not answer.
    async fn ping(&self) -> Result<(), StorageError>;
}

/// A transaction: its repositories change what its events tell, and both are committed at once.
///
/// A unit that is dropped changes nothing, and tells nothing.
#[async_trait]
pub trait UnitOfWork: Send + Sync {
    /// The products, within the transaction.
    fn products(&self) -> &dyn ProductRepository;

    /// The orders, within the transaction.
    fn orders(&self) -> &dyn OrderRepository;

    /// Takes events, which are published if and when the transaction is committed.
    fn events(&self) -> &dyn EventProducer;

    /// Commits the change and its events.
    ///
    /// # Errors
    ///
    /// Nothing was committed; or, if the connection was lost meanwhile, nobody knows ([`ErrorKind::Unknown`]).
    ///
    /// [`ErrorKind::Unknown`]: entity_events::ErrorKind::Unknown
    async fn commit(self: Box<Self>) -> Result<(), PublishError>;
}

impl dyn UnitOfWork {
    /// Commits if the operation succeeded; otherwise nothing was changed.
    ///
    /// # Errors
    ///
    /// The operation's error, or that of the commit.
    pub async fn finish<T, E: From<PublishError>>(self: Box<Self>, outcome: Result<T, E>) -> Result<T, E> {
        let value = outcome?;
        self.commit().await?;
        Ok(value)
    }
}
