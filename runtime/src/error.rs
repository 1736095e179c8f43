//! The error of a failed publish.

use std::error::Error;
use std::fmt;

use uuid::Uuid;

/// What a failed publish means for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Not written; the cause may be temporary. Publish again later.
    Retriable,
    /// Not written, and retrying will not help: the event or the configuration has to change.
    Permanent,
    /// May or may not have been written. Publish again only with the same event id, so that consumers can drop the
    /// duplicate.
    Unknown,
    /// Not written, and this producer will never write again.
    Fatal,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Retriable => "retriable",
            Self::Permanent => "permanent",
            Self::Unknown => "unknown outcome",
            Self::Fatal => "fatal",
        })
    }
}

/// The error returned if an event was not published, or if that is not known.
///
/// The message names the topic, the limits involved and the remedy, never the event's content.
///
/// [`source`](Error::source) is the client library's error, for logs; its type may change in any release. Match on
/// [`kind`](Self::kind) instead.
pub struct PublishError(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    unpublished: Vec<Uuid>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl PublishError {
    /// Creates an error. The message should say what is wrong and what to do.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), unpublished: Vec::new(), source: None }))
    }

    /// Sets the underlying error.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Sets the ids of the events that are not confirmed, in the order of the call.
    #[must_use]
    pub fn with_unpublished(mut self, events: impl IntoIterator<Item = Uuid>) -> Self {
        self.0.unpublished = events.into_iter().collect();
        self
    }

    /// Returns what the failure means for the caller.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the ids of the events that are not confirmed, in the order of the call: one, or some of a batch.
    #[must_use]
    pub fn unpublished(&self) -> &[Uuid] {
        &self.0.unpublished
    }
}

/// Readable, because a `main` that returns an error prints its `Debug`.
impl fmt::Debug for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublishError")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("unpublished", &self.0.unpublished)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl Error for PublishError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
