//! The catalog of a service's events: `AsyncAPI` for tools, and a page for people.

mod asyncapi;
mod changes;
mod example;
mod history;
mod page;
mod schema;
mod source;
#[cfg(test)]
mod tests;
mod words;

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use self::history::History;
use super::document::EntityDocument;

/// The events of a service, or of several: what they contain, how they are sent, and what changed.
///
/// Made from the entities, which need `#[event(schema)]`. Everything it writes is deterministic, so that it can be committed and
/// compared.
///
/// ```no_run
/// use entity_events::schema::Catalog;
/// use entity_events::{EntityEvents, Uuid};
///
/// #[derive(Debug, Clone, EntityEvents)]
/// #[event(schema, source = "catalog-service")]
/// pub struct Product {
///     pub id: Uuid,
///     pub name: String,
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let catalog = Catalog::of::<ProductTopics>()?
///     .title("Acme Shop")
///     .version(env!("CARGO_PKG_VERSION"))
///     .server("kafka.acme.example:9092")
///     .history("schemas")?;
/// std::fs::write("asyncapi.yaml", catalog.to_yaml())?;
/// catalog.write_html("events.html")?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Catalog {
    entities: Vec<EntityDocument>,
    title: String,
    version: String,
    description: Option<String>,
    id: Option<String>,
    /// Protocol and host.
    server: Option<(&'static str, String)>,
    history: History,
}

/// Why a catalog could not take what it was given.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// The schemas of former versions could not be read.
    #[error("cannot read `{path}`: {source}", path = .path.display())]
    History {
        /// The folder or the file.
        path: PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
    /// An example is of an entity or an event type that the catalog does not have.
    #[error("`{event_type}` is not in the catalog; add its entity to the topics that the catalog is made of")]
    UnknownEvent {
        /// The type of the example.
        event_type: String,
    },
    /// An example cannot be published, so it is no example.
    #[error("the example of `{event_type}` cannot be published: {reason}")]
    Unpublishable {
        /// The type of the example.
        event_type: String,
        /// What publishing it says.
        reason: String,
    },
}

/// Readable, because a `main` that returns an error prints its `Debug`.
impl fmt::Debug for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CatalogError: {self}")
    }
}

impl Catalog {
    fn new(entities: Vec<EntityDocument>) -> Self {
        Self {
            title: words::and(&sources(&entities)),
            version: entities.first().map_or("1.0", |entity| entity.version).to_owned(),
            entities,
            description: None,
            id: None,
            server: None,
            history: History::default(),
        }
    }

    /// Sets the title, such as `Acme Shop`.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Sets the version of the whole, such as `env!("CARGO_PKG_VERSION")`. Each entity's events have their own.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = version.into();
        self
    }

    /// Sets the description: Markdown, as in a doc comment.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets `AsyncAPI`'s `id`, a URI (by default `urn:events:` and the first entity's `source`).
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Names the Kafka that the events are sent to: `host:port`, without TLS.
    #[must_use]
    pub fn server(mut self, host: impl Into<String>) -> Self {
        self.server = Some(("kafka", host.into()));
        self
    }

    /// Names the Kafka that the events are sent to: `host:port`, with TLS.
    #[must_use]
    pub fn secure_server(mut self, host: impl Into<String>) -> Self {
        self.server = Some(("kafka-secure", host.into()));
        self
    }

    /// Reads the schemas of former versions, which the compatibility check keeps in this folder: the page then says since when
    /// there is a field, and what each version changed.
    ///
    /// # Errors
    ///
    /// The folder or a schema in it cannot be read.
    pub fn history(mut self, folder: impl AsRef<Path>) -> Result<Self, CatalogError> {
        self.history = History::read(folder.as_ref())
            .map_err(|(path, source)| CatalogError::History { path, source })?;
        Ok(self)
    }

    /// The [AsyncAPI 3.0](https://www.asyncapi.com/docs/reference/specification/v3.0.0) document as YAML.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        asyncapi::to_yaml(&asyncapi::document(self))
    }

    /// The `AsyncAPI` 3.0 document as JSON, the same as [`to_yaml`](Self::to_yaml).
    #[must_use]
    pub fn to_json(&self) -> String {
        asyncapi::document(self).to_json()
    }

    /// All events in one JSON Schema (draft-07), for generators of code in other languages: each type is there once, under a name of
    /// its own. It describes an object with a property for each event, so that a generator reaches them all from one type.
    #[must_use]
    pub fn to_json_schema(&self) -> String {
        asyncapi::json_schema(self).to_json()
    }

    /// The page for people: one HTML file that needs no network, and JavaScript only to search.
    #[must_use]
    pub fn to_html(&self) -> String {
        page::html(self)
    }

    /// Writes [`to_html`](Self::to_html) to a file, in whose place a former one is overwritten.
    ///
    /// # Errors
    ///
    /// As [`std::fs::write`].
    pub fn write_html(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let path = path.as_ref();
        fs::write(path, self.to_html()).map_err(|error| {
            io::Error::new(error.kind(), format!("cannot write `{}`: {error}", path.display()))
        })
    }

    fn uri(&self) -> String {
        let source = self.entities.first().map_or("unknown", |entity| entity.source);
        // What a URN cannot have (RFC 8141) becomes a hyphen.
        let legal = |c: char| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '-' };
        self.id
            .clone()
            .unwrap_or_else(|| format!("urn:events:{}", source.chars().map(legal).collect::<String>()))
    }

    fn summary(&self) -> String {
        let by_default = || format!("Events published by {}.", words::and(&sources(&self.entities)));
        self.description.clone().unwrap_or_else(by_default)
    }
}

/// The services that publish, each once.
fn sources(entities: &[EntityDocument]) -> Vec<&'static str> {
    let mut sources = Vec::new();
    for entity in entities {
        if !sources.contains(&entity.source) {
            sources.push(entity.source);
        }
    }
    sources
}
