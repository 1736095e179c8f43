//! JSON Schemas of events, a compatibility check for `cargo test`, AsyncAPI, and a catalog.

#![allow(dead_code, reason = "until the check and the catalog call it")]

mod closed;
pub(crate) mod description;
pub(crate) mod document;
mod error;
pub(crate) mod example;
mod sample;
#[cfg(test)]
mod tests;
mod view;

pub use self::error::SchemaError;
