//! An entity whose events have schemas, under the strictest lints.

#![deny(missing_docs, unreachable_pub, unused_qualifications, clippy::pedantic)]

use std::collections::HashMap;

use entity_events::EntityEvents;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A product.
#[derive(Debug, Clone, EntityEvents)]
#[event(schema, types(Archived), updates(Repriced), extra(#[event(default)] category: String))]
pub struct Product {
    /// What identifies it.
    pub id: u64,
    /// What it costs, by country.
    #[event(alias = "price")]
    pub prices: HashMap<String, Price>,
}

/// A price.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Price {
    /// In cents.
    pub cents: u64,
}
