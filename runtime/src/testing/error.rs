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

    /// `what` failed because of `source`.
    pub(super) fn because(what: &str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let source = source.into();
        Self { problem: format!("{what}: {source}"), source: Some(source) }
    }
}
