//! JSON Schemas of events, a compatibility check for `cargo test`, AsyncAPI, and a catalog.

pub(crate) mod document;
