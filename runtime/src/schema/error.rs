//! Why there are no schemas.

use std::fmt;

/// The error returned if the events of a service cannot be described.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// Entities without `#[event(schema)]`.
    #[error("no schemas of the events of {}; add `#[event(schema)]` to {}", list(entities), if entities.len() == 1 { "it" } else { "each" })]
    #[non_exhaustive]
    Undescribed {
        /// The entities, by their paths.
        entities: Vec<String>,
    },
    /// A struct of topics that was not made by `#[topics(..)]` or the derive.
    #[error(
        "`{topics}` does not say which entities it is for; make it with `#[topics(..)]`, or use the topics struct of a derive"
    )]
    #[non_exhaustive]
    NoEntities {
        /// The struct, by its path.
        topics: String,
    },
    /// Two entities whose events have one name.
    #[error("`{event}` is an event of both `{}` and `{}`; put `#[event(name = \"..\")]` on one of them", entities[0], entities[1])]
    #[non_exhaustive]
    SameEvent {
        /// The name of the event.
        event: String,
        /// The two entities, by their paths.
        entities: [String; 2],
    },
    /// A type whose schema has the name of one of ours.
    #[error(
        "a type within the events of `{entity}` has a schema named `{name}`, which is the name of another; rename it with `#[schemars(rename = \"..\")]`"
    )]
    #[non_exhaustive]
    TakenName {
        /// The entity, by its path.
        entity: String,
        /// The name.
        name: String,
    },
}

/// Readable, because a `main` that returns an error prints its `Debug`.
impl fmt::Debug for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SchemaError: {self}")
    }
}

fn list(entities: &[String]) -> String {
    entities.iter().map(|entity| format!("`{entity}`")).collect::<Vec<_>>().join(", ")
}
