//! Where a catalog's entities and examples come from.

use super::super::{SchemaError, document, example};
use super::{Catalog, CatalogError};
use crate::event::Event;
use crate::topics::Topics;

impl Catalog {
    /// The events of the entities in `T`, under their default topics.
    ///
    /// Its title is the `source` of the entities, and its version that of the first entity's events.
    ///
    /// # Errors
    ///
    /// An entity without `#[event(schema)]`, or one whose types have no schema.
    pub fn of<T: Topics>() -> Result<Self, SchemaError> {
        document::documents::<T>().map(Self::new)
    }

    /// Shows this event instead of one that was made up.
    ///
    /// # Errors
    ///
    /// The catalog does not have the event's type, or the event cannot be published.
    pub fn example<E: Event>(mut self, event: &E) -> Result<Self, CatalogError> {
        let event_type = event.event_type();
        let unknown = || CatalogError::UnknownEvent { event_type: event_type.to_owned() };
        let entity =
            self.entities.iter_mut().find(|entity| entity.feature == E::FEATURE).ok_or_else(unknown)?;
        let shown = entity.events.iter_mut().find(|shown| shown.name == event_type).ok_or_else(unknown)?;
        let record = example::example_of(&entity.topic, event);
        shown.example = Ok(record
            .map_err(|reason| CatalogError::Unpublishable { event_type: event_type.to_owned(), reason })?);
        Ok(self)
    }
}
