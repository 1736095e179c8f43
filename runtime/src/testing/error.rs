//! Why an embedded Kafka does not do what it was told.

use std::error::Error;

/// An [`EmbeddedKafka`](super::EmbeddedKafka) that did not start, or did not do what it was told.
///
/// [`source`](Error::source) is what the client library said, for logs; its type may change in any release.
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
