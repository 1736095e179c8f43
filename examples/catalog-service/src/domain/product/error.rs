//! What can go wrong with a product.

use entity_events::PublishError;

use super::ProductId;
use crate::domain::interfaces::StorageError;
use crate::domain::value::InvalidValue;

/// An operation on a product failed, and nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ProductError {
    /// A value cannot be one of a product.
    #[error(transparent)]
    Invalid(#[from] InvalidValue),
    /// There is no such product.
    #[error("there is no product {0}")]
    NotFound(ProductId),
    /// There are orders of it.
    #[error("product {0} has orders; delete them first")]
    Ordered(ProductId),
    /// The database could not be used.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Its event could not be published.
    #[error(transparent)]
    Publish(#[from] PublishError),
}
