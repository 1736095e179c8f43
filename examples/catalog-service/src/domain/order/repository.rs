//! What orders need of a database.

use async_trait::async_trait;

use super::{Order, OrderId};
use crate::domain::interfaces::StorageError;
use crate::domain::product::ProductId;

/// The orders, within one unit of work.
///
/// Every method fails if the database does; see [`StorageError`].
#[async_trait]
pub trait OrderRepository: Send + Sync {
    /// Adds an order.
    async fn insert(&self, order: &Order) -> Result<(), StorageError>;

    /// Replaces an order, by its id.
    async fn update(&self, order: &Order) -> Result<(), StorageError>;

    /// Removes an order.
    async fn delete(&self, id: OrderId) -> Result<(), StorageError>;

    /// Finds an order.
    async fn find(&self, id: OrderId) -> Result<Option<Order>, StorageError>;

    /// Finds an order, and keeps others from changing it until this unit of work ends.
    async fn find_for_update(&self, id: OrderId) -> Result<Option<Order>, StorageError>;

    /// Whether there is an order of a product.
    async fn is_ordered(&self, product: ProductId) -> Result<bool, StorageError>;

    /// The newest orders, newest first.
    async fn newest(&self, most: u32) -> Result<Vec<Order>, StorageError>;
}
