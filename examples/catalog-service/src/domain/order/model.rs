//! The order and its values.

use std::fmt;
use std::str::FromStr;

use entity_events::EntityEvents;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::OrderError;
use crate::domain::product::{ProductId, ProductName};
use crate::domain::text;
use crate::domain::value::InvalidValue;

/// A customer's order of a product.
#[derive(Debug, Clone, PartialEq, Eq, EntityEvents)]
#[event(schema, source = "catalog-service", error = OrderError, extra(product_name: ProductName))]
pub struct Order {
    /// The order's id.
    pub id: OrderId,
    /// The product that was ordered.
    #[event(header = "x-product-id")]
    pub product_id: ProductId,
    /// Who ordered it.
    #[event(user_id)]
    pub customer: Customer,
    /// How many were ordered.
    #[event(with = Quantity::count, ty = u32)]
    pub quantity: Quantity,
}

/// The id of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct OrderId(Uuid);

impl OrderId {
    /// A new id, greater than those before it.
    #[must_use]
    pub fn generate() -> Self {
        Self(Uuid::now_v7())
    }
}

impl From<Uuid> for OrderId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<OrderId> for Uuid {
    fn from(id: OrderId) -> Self {
        id.0
    }
}

impl FromStr for OrderId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A customer's name: one line of up to 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Customer(String);

impl Customer {
    /// Makes a customer's name.
    ///
    /// # Errors
    ///
    /// The text is empty, too long, or has control characters.
    pub fn new(customer: &str) -> Result<Self, InvalidValue> {
        text::short("customer", customer, 64).map(Self)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How many of a product: 1 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity(u32);

impl Quantity {
    const MOST: u32 = 1_000;

    /// Makes a quantity.
    ///
    /// # Errors
    ///
    /// It is not in the range.
    pub fn new(quantity: i64) -> Result<Self, InvalidValue> {
        if let Ok(count @ 1..=Self::MOST) = u32::try_from(quantity) {
            return Ok(Self(count));
        }
        let problem = format!("{quantity} cannot be ordered; use 1 to {}", Self::MOST);
        Err(InvalidValue { field: "quantity", problem })
    }

    /// The quantity as a number.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.0
    }
}
