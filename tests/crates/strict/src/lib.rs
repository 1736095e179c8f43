//! Compiles, and passes clippy, only if no lint fires on the output of the macros.

#![deny(warnings)]
#![deny(
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    unused_results,
    unused_lifetimes,
    unused_import_braces,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    explicit_outlives_requirements,
    elided_lifetimes_in_paths,
    let_underscore_drop,
    meta_variable_misuse,
    non_local_definitions,
    redundant_lifetimes,
    unit_bindings,
    variant_size_differences
)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery, clippy::cargo)]
#![deny(
    clippy::absolute_paths,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_docs_in_private_items,
    clippy::missing_trait_methods,
    clippy::panic,
    clippy::str_to_string,
    clippy::unreachable,
    clippy::unwrap_used
)]
#![forbid(unsafe_code)]
#![allow(clippy::cargo_common_metadata, clippy::multiple_crate_versions, reason = "not about the output")]

use std::fmt;

use entity_events::{EntityEvents, PublishError, event_producer, topics};

/// An operation on a product failed.
#[derive(Debug)]
pub struct ProductError {
    /// What happened.
    message: String,
}

impl ProductError {
    /// An error from outside.
    const fn external_error(message: String) -> Self {
        Self { message }
    }
}

impl fmt::Display for ProductError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<PublishError> for ProductError {
    fn from(error: PublishError) -> Self {
        Self { message: error.to_string() }
    }
}

/// A product, with every key.
#[derive(Debug, Clone, EntityEvents)]
#[event(source = "catalog-service", feature = "goods", topic = "goods", version = "2")]
#[event(error = ProductError, map_error = ProductError::external_error, types(Priced, SoldOut))]
#[event(extra(a: u64, b: String, c: Option<u64>, d: u64, e: u64, f: u64, g: u64, h: u64))]
#[event(rename_all = "camelCase", derive(PartialEq, Eq), type_prefix = "com.acme", delete = "tombstone")]
pub struct Product {
    /// Its number.
    pub id: u64,
    /// The user who owns it.
    #[event(user_id, header = "x-owner")]
    pub owner: Option<u64>,
    /// Its name.
    #[event(with = String::len, ty = usize, header = "x-length")]
    pub name: String,
    /// How many there are.
    #[event(into = u64, rename = "n")]
    pub amount: u32,
    /// An internal note, not published.
    #[event(skip)]
    pub note: String,
    /// A deprecated field.
    #[deprecated]
    pub old: u64,
}

/// An order, with as few keys as possible.
#[derive(Debug, Clone, EntityEvents)]
#[event(error = ProductError)]
pub struct Order {
    /// Its number.
    pub id: u64,
}

/// An entity whose events are unused.
mod unused {
    use entity_events::{EntityEvents, event_producer, topics};

    /// Private to this module.
    #[derive(Debug, Clone, EntityEvents)]
    struct Inner {
        /// Its number.
        id: u64,
    }

    /// Uses the entity, but not its events.
    const _: u64 = Inner { id: 1 }.id;

    /// Its topics.
    #[topics(Inner)]
    struct Topics;

    /// Its producer.
    #[event_producer(Inner)]
    trait EventProducer {}
}

/// The topics.
#[topics(Product as goods, Order)]
pub struct Topics;

/// The producer.
#[event_producer(Product, Order)]
pub trait EventProducer {}
