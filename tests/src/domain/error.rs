//! The errors of the domain.

use entity_events::PublishError;

/// An operation on a product failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProductError {
    /// The product does not exist.
    #[error("no product {0}")]
    NotFound(super::ProductId),
    /// Its event was not published.
    #[error(transparent)]
    Publish(#[from] PublishError),
}

/// An operation on an order failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OrderError {
    /// Something outside the service failed.
    #[error("external error: {0}")]
    External(String),
}

impl OrderError {
    /// Something outside the service failed.
    #[must_use]
    pub fn external_error(message: String) -> Self {
        Self::External(message)
    }
}
