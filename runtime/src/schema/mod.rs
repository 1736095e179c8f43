//! JSON Schemas of events, a compatibility check for `cargo test`, `AsyncAPI`, and a catalog.

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
