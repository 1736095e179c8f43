//! Why an event was not published, and what to do about it.

use std::error::Error;
use std::fmt;

use uuid::Uuid;

/// What a failed publish means for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Not written, and the reason may pass: publish again later.
    Retriable,
    /// Not written, and trying again as it is will not help: the event or the configuration has to change.
    Permanent,
    /// It may or may not have been written: publish again only with the same event id, so that consumers can
    /// drop the duplicate.
    Unknown,
    /// Not written, and this producer will write nothing any more.
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

/// An event that was not published, or not known to be.
///
/// The text names topic, key figures and remedy, never the event's content.
///
/// [`source`](Error::source) is what the transport's client library said, for logs; its type may change in any release.
/// Decide by [`kind`](Self::kind).
pub struct PublishError(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    unpublished: Vec<Uuid>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl PublishError {
    /// An error of a kind, with a sentence that says what is wrong and what to do.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), unpublished: Vec::new(), source: None }))
    }

    /// Keeps what caused the error.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Names the events that are not confirmed, in the order of the call.
    #[must_use]
    pub fn with_unpublished(mut self, events: impl IntoIterator<Item = Uuid>) -> Self {
        self.0.unpublished = events.into_iter().collect();
        self
    }

    /// What the failure means for the caller.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The ids of the events that are not confirmed: one, or some of a batch, in the order of the call.
    #[must_use]
    pub fn unpublished(&self) -> &[Uuid] {
        &self.0.unpublished
    }
}

/// Readable, because a `main` that returns an error shows it like this.
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
