//! JSON Schemas of events, a compatibility check for `cargo test`, AsyncAPI, and a catalog.

mod catalog;
pub(crate) mod document;

pub use self::catalog::{Catalog, CatalogError};
