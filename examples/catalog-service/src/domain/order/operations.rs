//! What can be done with orders.

use super::{Customer, Order, OrderError, OrderEvent, OrderId, OrderRepository, Quantity};
use crate::domain::correlation::CorrelationId;
use crate::domain::interfaces::EventProducer;
use crate::domain::product::{ProductId, ProductName, ProductRepository};
use crate::domain::value::InvalidValue;

/// What a client orders.
#[derive(Debug, Clone)]
pub struct NewOrder {
    product_id: ProductId,
    customer: Customer,
    quantity: Quantity,
}

impl NewOrder {
    /// Checks what a client says.
    ///
    /// # Errors
    ///
    /// The first value that cannot be one of an order.
    pub fn new(product_id: ProductId, customer: &str, quantity: i64) -> Result<Self, InvalidValue> {
        Ok(Self { product_id, customer: Customer::new(customer)?, quantity: Quantity::new(quantity)? })
    }
}

/// Adds an order.
///
/// # Errors
///
/// There is no such product, the database fails, or the event cannot be published.
pub async fn create_order(
    new: NewOrder,
    orders: &dyn OrderRepository,
    products: &dyn ProductRepository,
    events: &dyn EventProducer,
    request: CorrelationId,
) -> Result<Order, OrderError> {
    // For update: nobody deletes the product while it is being ordered.
    let product = products.find_for_update(new.product_id).await?;
    let product = product.ok_or(OrderError::NoProduct(new.product_id))?;
    let NewOrder { product_id, customer, quantity } = new;
    let order = Order { id: OrderId::generate(), product_id, customer, quantity };
    orders.insert(&order).await?;
    events.publish_order_event(OrderEvent::new_created(&order, product.name, request.into())).await?;
    Ok(order)
}

/// Changes how many are ordered. The same quantity again is no event.
///
/// # Errors
///
/// There is no such order, the database fails, or the event cannot be published.
pub async fn update_order(
    id: OrderId,
    quantity: Quantity,
    orders: &dyn OrderRepository,
    products: &dyn ProductRepository,
    events: &dyn EventProducer,
    request: CorrelationId,
) -> Result<Order, OrderError> {
    let old = orders.find_for_update(id).await?.ok_or(OrderError::NotFound(id))?;
    let new = Order { quantity, ..old.clone() };
    if new != old {
        orders.update(&new).await?;
        let name = product_name(&new, products).await?;
        let event = OrderEvent::new_updated(&old, &new, name.clone(), name, request.into());
        events.publish_order_event(event).await?;
    }
    Ok(new)
}

/// Removes an order.
///
/// # Errors
///
/// There is no such order, the database fails, or the event cannot be published.
pub async fn delete_order(
    id: OrderId,
    orders: &dyn OrderRepository,
    products: &dyn ProductRepository,
    events: &dyn EventProducer,
    request: CorrelationId,
) -> Result<(), OrderError> {
    let order = orders.find_for_update(id).await?.ok_or(OrderError::NotFound(id))?;
    let name = product_name(&order, products).await?;
    orders.delete(id).await?;
    events.publish_order_event(OrderEvent::new_deleted(&order, name, request.into())).await?;
    Ok(())
}

async fn product_name(order: &Order, products: &dyn ProductRepository) -> Result<ProductName, OrderError> {
    let product = products.find(order.product_id).await?;
    product.map(|product| product.name).ok_or(OrderError::NoProduct(order.product_id))
}
