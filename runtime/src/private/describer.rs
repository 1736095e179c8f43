//! What the derive says of events, for their schemas.

use crate::event::Event;
#[cfg(feature = "schema")]
use crate::schema::description::EntityDescription;

/// Collects what events say of themselves. Empty without the cargo feature `schema`.
#[derive(Debug, Default)]
pub struct Describer {
    #[cfg(feature = "schema")]
    pub(crate) entities: Vec<EntityDescription>,
    /// The entities without `#[event(schema)]`, by their paths.
    #[cfg(feature = "schema")]
    pub(crate) undescribed: Vec<&'static str>,
}

impl Describer {
    /// Notes that an entity's events say nothing of themselves.
    #[cfg_attr(not(feature = "schema"), allow(clippy::unused_self, reason = "nothing is collected"))]
    pub fn undescribed<E: Event>(&mut self) {
        #[cfg(feature = "schema")]
        self.undescribed.push(std::any::type_name::<E::Entity>());
    }
}

/// Items that need the cargo feature `schema`, or the error that it is missing.
#[cfg(feature = "schema")]
#[doc(hidden)]
#[macro_export]
macro_rules! __schema {
    ([$($error:tt)*] $($item:tt)*) => { $($item)* };
}

/// Items that need the cargo feature `schema`, or the error that it is missing.
#[cfg(not(feature = "schema"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __schema {
    ([$($error:tt)*] $($item:tt)*) => { $($error)* };
}
