//! How a database fails.

use std::error::Error;

/// The database could not do what it was asked for.
///
/// Its text is for logs; clients only learn whether to try again.
#[derive(Debug, thiserror::Error)]
#[error("the database failed: {source}")]
pub struct StorageError {
    /// Whether the same may work a moment later: the database is away or busy, or two changes met.
    pub is_temporary: bool,
    /// What the driver said.
    pub source: Box<dyn Error + Send + Sync>,
}
