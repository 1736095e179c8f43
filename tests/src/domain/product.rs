//! Products.

use entity_events::EntityEvents;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Amount, CategoryId, ProductError, ProductId, UserId};

/// The description of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Description(pub String);

/// Something that can be ordered.
#[derive(Debug, Clone, EntityEvents)]
#[event(source = "catalog-service", error = ProductError, extra(category_name: String))]
pub struct Product {
    /// The id of the product.
    pub id: ProductId,
    /// The user who offers it.
    #[event(user_id)]
    pub user_id: UserId,
    /// Its price.
    #[event(with = Amount::value, ty = Decimal)]
    pub amount: Amount,
    /// Its description.
    pub description: Description,
    /// Its category.
    #[event(skip)]
    pub category_id: CategoryId,
}
