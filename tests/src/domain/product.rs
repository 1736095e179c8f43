//! Products.

use entity_events::EntityEvents;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Amount, CategoryId, ProductError, ProductId, UserId};

/// What a product is, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Description(pub String);

/// Something that can be ordered.
#[derive(Debug, Clone, EntityEvents)]
#[event(source = "catalog-service", error = ProductError, extra(category_name: String))]
pub struct Product {
    /// Which product.
    pub id: ProductId,
    /// Who offers it.
    #[event(user_id)]
    pub user_id: UserId,
    /// What it costs.
    #[event(with = Amount::value, ty = Decimal)]
    pub amount: Amount,
    /// What it is.
    pub description: Description,
    /// Where it is filed.
    #[event(skip)]
    pub category_id: CategoryId,
}
