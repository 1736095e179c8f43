//! What products need of a database.

use async_trait::async_trait;

use super::{Product, ProductId};
use crate::domain::interfaces::StorageError;

/// The products, within one unit of work.
///
/// Every method fails if the database does; see [`StorageError`].
#[async_trait]
pub trait ProductRepository: Send + Sync {
    /// Adds a product.
    async fn insert(&self, product: &Product) -> Result<(), StorageError>;

    /// Replaces a product, by its id.
    async fn update(&self, product: &Product) -> Result<(), StorageError>;

    /// Removes a product.
    async fn delete(&self, id: ProductId) -> Result<(), StorageError>;

    /// Finds a product.
    async fn find(&self, id: ProductId) -> Result<Option<Product>, StorageError>;

    /// Finds a product, and keeps others from changing it until this unit of work ends.
    ///
    /// That makes its events follow each other in the order of its changes.
    async fn find_for_update(&self, id: ProductId) -> Result<Option<Product>, StorageError>;

    /// The newest products, newest first.
    async fn newest(&self, most: u32) -> Result<Vec<Product>, StorageError>;
}
