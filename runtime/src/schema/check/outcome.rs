//! How a check ended.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::schema::compat::Break;

/// A check that passed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    pub(super) written: Vec<PathBuf>,
    pub(super) accepted: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl Outcome {
    /// Returns the files that were written or renamed, in order.
    #[must_use]
    pub fn written(&self) -> &[PathBuf] {
        &self.written
    }

    /// Returns what is worth knowing and no reason to fail, such as a file that is not a schema.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

/// Prints what was written and noted; nothing if there is nothing to say.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |path: &Path| {
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
        };
        if let Some(folder) = self.written.first().and_then(|path| path.parent()) {
            let names: Vec<String> = self.written.iter().map(|path| shown(path)).collect();
            writeln!(f, "schemas: wrote {} to {}; commit them", names.join(", "), folder.display())?;
        }
        for accepted in &self.accepted {
            writeln!(f, "schemas: accepted {accepted}")?;
        }
        for note in &self.notes {
            writeln!(f, "schemas: {note}")?;
        }
        Ok(())
    }
}

/// The error returned if a change breaks somebody, is not recorded, or if a file cannot be used.
///
/// The message is the report.
pub struct CheckError {
    pub(super) message: String,
    pub(super) breaks: Vec<Break>,
    pub(super) source: Option<Box<dyn Error + Send + Sync>>,
}

impl CheckError {
    pub(super) fn new(message: String) -> Self {
        Self { message, breaks: Vec::new(), source: None }
    }

    pub(super) fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns what the changes break, event by event; empty if the error is another one.
    #[must_use]
    pub fn breaks(&self) -> &[Break] {
        &self.breaks
    }
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The report, since this is what `unwrap` and a test that returns an error print.
impl fmt::Debug for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for CheckError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
