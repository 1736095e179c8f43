//! JSON Schemas of events, a compatibility check for `cargo test`, `AsyncAPI`, and a catalog.
//!
//! Needs the cargo feature `schema`, `#[event(schema)]` on each entity, and [`schemars::JsonSchema`] for the types of their fields.
//!
//! * [`check`] compares the events with all their versions so far, in one line of a test, and says who would break.
//! * [`Catalog`] makes an [AsyncAPI 3.0](https://www.asyncapi.com/docs/reference/specification/v3.0.0) document, a page for people, and
//!   one JSON Schema for the generators of other languages.
//!
//! Each event type has two schemas ([draft-07](https://json-schema.org/draft-07)). The *reader's* is what the type accepts: it is open,
//! and requires what has neither an `Option` nor a default. It is the one to publish. The *writer's* is what the type writes: closed,
//! since a type cannot write a field that it does not declare, and it requires what is always there. An old reader survives a new
//! writer if everything that the latter writes is accepted by the former, and the other way round for old records.

mod catalog;
mod check;
mod closed;
#[doc(hidden)]
pub mod compat;
pub(crate) mod description;
pub(crate) mod document;
mod error;
pub(crate) mod example;
mod sample;
#[cfg(test)]
mod tests;
mod view;

pub use self::catalog::{Catalog, CatalogError};
pub use self::check::{Check, CheckError, Outcome, check};
pub use self::compat::{Break, Compatibility, Direction, Rule};
pub use self::error::SchemaError;
