//! The macros of `entity-events`; use them through that crate.
//!
//! A macro runs in three steps, each in its own module and each knowing only the one before it:
//!
//! ```text
//! TokenStream → attr::Entity → feature::Feature → expand::* → TokenStream
//!               what was written  what it means    what is printed
//! ```
//!
//! `attr` reads and keeps every span, `feature` is the only judge, and `expand` prints one item per file. Mistakes
//! are collected on the way. If there are any, the same names are printed with hollow bodies beside them, so that
//! the user sees the mistakes and nothing that follows from them.

#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
// A macro crate exports its macros only: `pub` cannot mean more than the crate.
#![allow(unreachable_pub)]

mod attr;
mod errors;
mod expand;
mod feature;
mod krate;
mod names;
mod nearest;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests;

use proc_macro::TokenStream;

/// Derives the events of an entity.
#[proc_macro_derive(EntityEvents, attributes(event))]
pub fn entity_events(input: TokenStream) -> TokenStream {
    expand::entity_events(input.into()).into()
}

/// Joins the producer traits of several entities into one trait.
#[proc_macro_attribute]
pub fn event_producer(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::event_producer(arguments.into(), &item.into()).into()
}

/// Gives a service's topics one field for each of its entities.
#[proc_macro_attribute]
pub fn topics(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::topics(arguments.into(), &item.into()).into()
}
