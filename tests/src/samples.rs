//! Products and orders to publish.

use uuid::Uuid;

use crate::domain::{Amount, CategoryId, Description, Order, OrderId, Product, ProductId, UserId};

/// A lamp with a new id.
#[must_use]
pub fn lamp() -> Product {
    Product {
        id: ProductId(Uuid::new_v4()),
        user_id: UserId(Uuid::new_v4()),
        amount: Amount::from_cents(1_250),
        description: Description("A lamp for the desk".to_owned()),
        category_id: CategoryId(Uuid::new_v4()),
    }
}

/// An order of a product, with a new id.
#[must_use]
pub fn order_of(product: &Product, quantity: u32) -> Order {
    Order { id: OrderId(Uuid::new_v4()), product_id: product.id, user_id: UserId(Uuid::new_v4()), quantity }
}

/// Text that compresses to about half its length at best.
#[must_use]
pub fn incompressible(length: usize) -> String {
    let mut text = String::new();
    while text.len() < length {
        text.push_str(&Uuid::new_v4().simple().to_string());
    }
    text.truncate(length);
    text
}
