//! The product and its values.

use std::fmt;
use std::str::FromStr;

use entity_events::EntityEvents;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ProductError;
use crate::domain::text;
use crate::domain::value::InvalidValue;

/// Something that can be ordered.
#[derive(Debug, Clone, PartialEq, Eq, EntityEvents)]
#[event(schema, source = "catalog-service", error = ProductError, updates(PriceChanged))]
pub struct Product {
    /// The product's id.
    pub id: ProductId,
    /// What it is called.
    pub name: ProductName,
    /// What one costs, in cents.
    #[event(with = Price::cents, ty = u32, rename = "price_cents")]
    pub price: Price,
    /// What the shop wants to remember of it; nobody else's business.
    #[event(skip)]
    pub note: Option<Note>,
}

/// The id of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ProductId(Uuid);

impl ProductId {
    /// A new id, greater than those before it.
    #[must_use]
    pub fn generate() -> Self {
        Self(Uuid::now_v7())
    }
}

impl From<Uuid> for ProductId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<ProductId> for Uuid {
    fn from(id: ProductId) -> Self {
        id.0
    }
}

impl FromStr for ProductId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

impl fmt::Display for ProductId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The name of a product: one line of up to 100 characters.
///
/// It is checked when it is made, and not when an event is read: a later version of the service may allow more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ProductName(String);

impl ProductName {
    /// Makes a name.
    ///
    /// # Errors
    ///
    /// The text is empty, too long, or has control characters.
    pub fn new(name: &str) -> Result<Self, InvalidValue> {
        text::short("name", name, 100).map(Self)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A price in cents, up to one million in the main unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(u32);

impl Price {
    const MOST: u32 = 100_000_000;

    /// Makes a price of a number of cents.
    ///
    /// # Errors
    ///
    /// The number is negative, or too large.
    pub fn new(cents: i64) -> Result<Self, InvalidValue> {
        if let Ok(price @ 0..=Self::MOST) = u32::try_from(cents) {
            return Ok(Self(price));
        }
        let problem = format!("{cents} is not a price; use cents from 0 to {}", Self::MOST);
        Err(InvalidValue { field: "price_cents", problem })
    }

    /// The price in cents.
    #[must_use]
    pub fn cents(&self) -> u32 {
        self.0
    }
}

/// What the shop wants to remember of a product: one line of up to 500 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note(String);

impl Note {
    /// Makes a note.
    ///
    /// # Errors
    ///
    /// The text is empty, too long, or has control characters.
    pub fn new(note: &str) -> Result<Self, InvalidValue> {
        text::short("note", note, 500).map(Self)
    }

    /// The note as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
