//! The table as the fallback works with it.

use std::time::Duration;

use super::record::{FallbackRecord, Key};

/// Takes the events that Kafka does not take: an [`Outbox`](crate::outbox::Outbox). Sealed.
pub trait Fallback: sealed::Fallback {}

pub(crate) mod sealed {
    /// Sealed: its name cannot be written outside of this crate.
    pub trait Fallback {
        #[doc(hidden)]
        fn table(&self) -> Box<dyn super::Table>;
    }
}

/// A table and a connection to it. One thread uses it, and may be blocked by it for up to `limit`.
pub trait Table: Send {
    /// Commits the records, in this order: all or none.
    fn insert(&mut self, records: &[&FallbackRecord], limit: Duration) -> Result<(), TableError>;

    /// Returns which of the keys may have records in the table.
    fn waiting(&mut self, keys: &[Key], limit: Duration) -> Result<Vec<Key>, TableError>;

    /// Returns keys that have records in the table, up to `most`.
    fn keys(&mut self, most: usize, limit: Duration) -> Result<Vec<Key>, TableError>;

    fn is_empty(&mut self, limit: Duration) -> Result<bool, TableError>;
}

/// Why the table could not be used.
#[derive(Debug, Clone)]
pub struct TableError {
    pub(crate) text: String,
    /// Trying again does not help.
    pub(crate) permanent: bool,
    /// The connection was lost before the database answered, so that the records may be in the table.
    pub(crate) uncertain: bool,
}
