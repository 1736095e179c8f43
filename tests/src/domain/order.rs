//! Orders.

use entity_events::EntityEvents;

use super::{OrderError, OrderId, ProductId, UserId};

/// A user's order of a product.
#[derive(Debug, Clone, EntityEvents)]
#[event(source = "catalog-service", error = OrderError, map_error = OrderError::external_error, types(Shipped))]
pub struct Order {
    /// The id of the order.
    pub id: OrderId,
    /// The ordered product.
    pub product_id: ProductId,
    /// The user who ordered.
    #[event(user_id)]
    pub user_id: UserId,
    /// The ordered quantity.
    pub quantity: u32,
}
