//! A schema file: the reader's schema, with the writer's and what else is recorded beside it.

use serde_json::{Map, Value};

use super::json;
use super::name::FileName;
use crate::schema::compat;
use crate::schema::document::{EntityDocument, EventDocument};

const WRITER: &str = "x-writer";
const VERSION: &str = "x-version";
const TOPIC: &str = "x-topic";
/// The breaks that were accepted with `UPDATE_SCHEMAS=1`.
const ACCEPTED: &str = "x-accepted";
/// A digest of the rest.
const DIGEST: &str = "x-digest";

/// What a schema file records of an event type.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recorded {
    pub(super) reader: Value,
    pub(super) writer: Value,
    pub(super) version: String,
    /// The topic by default.
    pub(super) topic: String,
    pub(super) accepted: Vec<String>,
}

/// A file that was read.
#[derive(Debug, Clone)]
pub(super) struct SchemaFile {
    pub(super) name: FileName,
    pub(super) recorded: Recorded,
    digest: Value,
}

impl Recorded {
    pub(super) fn of(entity: &EntityDocument, event: &EventDocument) -> Self {
        Self {
            reader: event.reader.clone(),
            writer: event.writer.clone(),
            version: entity.version.to_owned(),
            topic: entity.topic.clone(),
            accepted: Vec::new(),
        }
    }

    /// Returns whether both record the same, apart from breaks that were accepted.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let parts = |one: &Self| (one.version.clone(), one.topic.clone());
        parts(self) == parts(other) && self.reader == other.reader && self.writer == other.writer
    }

    /// Returns whether records and readers are the same: the difference is in descriptions at most.
    pub(super) fn has_same_rules(&self, other: &Self) -> bool {
        compat::is_same(&self.reader, &other.reader) && compat::is_same(&self.writer, &other.writer)
    }

    /// Returns the text of a file.
    pub(super) fn text(&self) -> Result<String, serde_json::Error> {
        let mut content = self.content();
        let digest = json::digest(&content)?;
        if let Value::Object(content) = &mut content {
            content.insert(DIGEST.to_owned(), digest.into());
        }
        json::pretty(&content)
    }

    fn content(&self) -> Value {
        let mut content = match &self.reader {
            Value::Object(keywords) => keywords.clone(),
            // The root of an event is an object.
            _ => Map::new(),
        };
        content.insert(WRITER.to_owned(), self.writer.clone());
        content.insert(VERSION.to_owned(), self.version.clone().into());
        content.insert(TOPIC.to_owned(), self.topic.clone().into());
        if !self.accepted.is_empty() {
            content.insert(ACCEPTED.to_owned(), self.accepted.clone().into());
        }
        content.into()
    }
}

impl SchemaFile {
    /// Reads a file's text.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and what to do.
    pub(super) fn read(name: FileName, text: &str) -> Result<Self, String> {
        let restore = "restore it from version control";
        if text.contains("\n<<<<<<< ") || text.starts_with("<<<<<<< ") {
            return Err("has a merge conflict; take one side of it, then run `UPDATE_SCHEMAS=1 cargo test`"
                .to_owned());
        }
        let content: Value =
            serde_json::from_str(text).map_err(|e| format!("is not valid JSON: {e}; {restore}"))?;
        let Value::Object(mut content) = content else {
            return Err(format!("is not a schema: expected an object; {restore}"));
        };
        let digest = content.remove(DIGEST).unwrap_or_default();
        let mut take = |key: &str| content.remove(key).ok_or_else(|| format!("has no `{key}`; {restore}"));
        let text = |key: &str, value: Value| match value {
            Value::String(text) => Ok(text),
            _ => Err(format!("has an `{key}` that is not a string; {restore}")),
        };
        let writer = take(WRITER)?;
        let version = text(VERSION, take(VERSION)?)?;
        let topic = take(TOPIC).map_or(Ok(String::new()), |topic| text(TOPIC, topic))?;
        let accepted = match content.remove(ACCEPTED) {
            Some(Value::Array(accepted)) => {
                accepted.into_iter().map(|one| text(ACCEPTED, one)).collect::<Result<_, _>>()?
            }
            Some(_) => return Err(format!("has an `{ACCEPTED}` that is not a list; {restore}")),
            None => Vec::new(),
        };
        let reader = Value::Object(content);
        Ok(Self { name, recorded: Recorded { reader, writer, version, topic, accepted }, digest })
    }

    /// Returns whether the content is not what was written. This takes longer than to read it.
    pub(super) fn is_edited(&self) -> bool {
        let written = json::digest(&self.recorded.content());
        written.is_ok_and(|written| self.digest != written)
    }
}
