//! The error of an embedded Kafka.

use std::error::Error;

/// The error returned if an [`EmbeddedKafka`](super::EmbeddedKafka) did not start, or an operation on it failed.
///
/// [`source`](Error::source) is the client library's error, for logs; its type may change in any release.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub struct EmbeddedKafkaError {
    problem: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl EmbeddedKafkaError {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), source: None }
    }

    /// Creates an error with a source. The text starts with `context`.
    pub(super) fn because(context: &str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let source = source.into();
        Self { problem: format!("{context}: {source}"), source: Some(source) }
    }
}
