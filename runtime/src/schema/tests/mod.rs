//! Schemas and examples of entities with everything that matters to them.

#![allow(dead_code, reason = "entities are described, and not used")]

mod bad_input;
mod golden;
mod views;

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::document::{EntityDocument, EventDocument, documents};
use crate::{EntityEvents, Topics, Uuid, topics};

/// Something in the catalog.
///
/// It is sold until it is discontinued.
#[derive(Debug, Clone, EntityEvents)]
#[event(crate = crate, schema, source = "catalog-service", version = "1.2", rename_all = "camelCase")]
#[event(extra(#[event(header = "x-category", default)] category_name: String), delete = "event_then_tombstone")]
struct Product {
    /// What identifies it.
    id: Uuid,
    #[event(user_id)]
    owner: Option<u64>,
    /// What it is called.
    #[event(rename = "title", alias = "name")]
    label: String,
    /// Its price.
    #[event(with = Money::cents, ty = u64)]
    price_cents: Money,
    #[event(default, alias = "measures")]
    size: Size,
    colours: Vec<Colour>,
    price_by_country: BTreeMap<String, f64>,
    successor: Option<Box<Successor>>,
    attributes: Value,
    #[event(skip)]
    _internal: Unserializable,
}

#[derive(Debug, Clone)]
struct Money(u64);

impl Money {
    fn cents(&self) -> u64 {
        self.0
    }
}

#[derive(Debug, Clone)]
struct Unserializable;

/// Width and height, in millimetres.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
struct Size {
    width: u16,
    height: u16,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Colour {
    /// One with a name.
    Named {
        name: String,
    },
    Mixed(Mix),
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Mix {
    red: u8,
    green: u8,
}

/// What replaces it, and that in turn.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Successor {
    id: Uuid,
    next: Option<Box<Successor>>,
    others: Vec<Successor>,
}

#[derive(Debug, Clone, EntityEvents)]
#[event(crate = crate, schema, source = "shop", type_prefix = "com.acme", delete = "tombstone")]
#[event(types(Shipped), updates(Repriced))]
struct Order {
    #[event(key, header = "x-shop")]
    shop: String,
    #[event(key)]
    number: u32,
    #[event(into = String)]
    status: Status,
}

#[derive(Debug, Clone)]
struct Status;

impl From<Status> for String {
    fn from(_: Status) -> Self {
        "open".to_owned()
    }
}

#[topics(crate = crate, Product, Order)]
struct Shop;

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

fn document<T: Topics>() -> EntityDocument {
    documents::<T>().unwrap().remove(0)
}

fn event<T: Topics>() -> EventDocument {
    document::<T>().events.remove(0)
}
