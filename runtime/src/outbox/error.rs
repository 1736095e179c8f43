//! The error of an outbox's own statements.

use std::error::Error;
use std::fmt;

use super::failure;

/// The error returned if the outbox or its relay cannot work: the table differs, the database fails, the configuration is wrong.
///
/// The message says what to do; for a table that differs, it holds the SQL to run.
pub struct OutboxError {
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl OutboxError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    pub(super) fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// A statement failed.
    pub(super) fn of(what: &str, error: sqlx::Error) -> Self {
        Self::new(format!("{what}: {}", failure::text(&error))).with_source(error)
    }
}

/// Readable, because a `main` that returns an error prints its `Debug`.
impl fmt::Debug for OutboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OutboxError: {}", self.message)
    }
}

impl fmt::Display for OutboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for OutboxError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
