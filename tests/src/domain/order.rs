//! Orders.

use entity_events::EntityEvents;

use super::{OrderError, OrderId, ProductId, UserId};

/// A user's order of a product.
#[derive(Debug, Clone, EntityEvents)]
#[event(source = "catalog-service", error = OrderError, map_error = OrderError::external_error, types(Shipped))]
pub struct Order {
    /// Which order.
    pub id: OrderId,
    /// Which product.
    pub product_id: ProductId,
    /// Who ordered.
    #[event(user_id)]
    pub user_id: UserId,
    /// How many.
    pub quantity: u32,
}
