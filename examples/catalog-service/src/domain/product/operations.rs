//! What can be done with products.

use super::{Note, Price, Product, ProductError, ProductEvent, ProductId, ProductName, ProductRepository};
use crate::domain::correlation::CorrelationId;
use crate::domain::interfaces::EventProducer;
use crate::domain::order::OrderRepository;
use crate::domain::value::InvalidValue;

/// What a client says of a product.
#[derive(Debug, Clone)]
pub struct ProductDetails {
    name: ProductName,
    price: Price,
    note: Option<Note>,
}

impl ProductDetails {
    /// Checks what a client says.
    ///
    /// # Errors
    ///
    /// The first value that cannot be one of a product.
    pub fn new(name: &str, price_cents: i64, note: Option<&str>) -> Result<Self, InvalidValue> {
        let note = note.map(Note::new).transpose()?;
        Ok(Self { name: ProductName::new(name)?, price: Price::new(price_cents)?, note })
    }

    fn of(self, id: ProductId) -> Product {
        Product { id, name: self.name, price: self.price, note: self.note }
    }
}

/// Adds a product.
///
/// # Errors
///
/// The database fails, or the event cannot be published.
pub async fn create_product(
    details: ProductDetails,
    products: &dyn ProductRepository,
    events: &dyn EventProducer,
    request: CorrelationId,
) -> Result<Product, ProductError> {
    let product = details.of(ProductId::generate());
    products.insert(&product).await?;
    events.publish_product_event(ProductEvent::new_created(&product, request.into())).await?;
    Ok(product)
}

/// Changes a product. Another price is an event of its own kind; what changes nothing that others see is no event.
///
/// # Errors
///
/// There is no such product, the database fails, or the event cannot be published.
pub async fn update_product(
    id: ProductId,
    details: ProductDetails,
    products: &dyn ProductRepository,
    events: &dyn EventProducer,
    request: CorrelationId,
) -> Result<Product, ProductError> {
    let old = products.find_for_update(id).await?.ok_or(ProductError::NotFound(id))?;
    let new = details.of(id);
    products.update(&new).await?;
    if new.price != old.price {
        events.publish_product_event(ProductEvent::new_price_changed(&old, &new, request.into())).await?;
    } else if new.name != old.name {
        events.publish_product_event(ProductEvent::new_updated(&old, &new, request.into())).await?;
    }
    Ok(new)
}

/// Removes a product that nobody has ordered.
///
/// # Errors
///
/// There is no such product, or it has orders, the database fails, or the event cannot be published.
pub async fn delete_product(
    id: ProductId,
    products: &dyn ProductRepository,
    orders: &dyn OrderRepository,
    events: &dyn EventProducer,
    request: CorrelationId,
) -> Result<(), ProductError> {
    let product = products.find_for_update(id).await?.ok_or(ProductError::NotFound(id))?;
    if orders.is_ordered(id).await? {
        return Err(ProductError::Ordered(id));
    }
    products.delete(id).await?;
    events.publish_product_event(ProductEvent::new_deleted(&product, request.into())).await?;
    Ok(())
}
