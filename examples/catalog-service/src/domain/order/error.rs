//! What can go wrong with an order.

use entity_events::PublishError;

use super::OrderId;
use crate::domain::interfaces::StorageError;
use crate::domain::product::ProductId;
use crate::domain::value::InvalidValue;

/// An operation on an order failed, and nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// A value cannot be one of an order.
    #[error(transparent)]
    Invalid(#[from] InvalidValue),
    /// There is no such order.
    #[error("there is no order {0}")]
    NotFound(OrderId),
    /// There is no such product to be ordered.
    #[error("there is no product {0} to order; create it first")]
    NoProduct(ProductId),
    /// The database could not be used.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Its event could not be published.
    #[error(transparent)]
    Publish(#[from] PublishError),
}
