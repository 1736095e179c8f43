//! From rows to entities, and from the driver's errors to the domain's.

use entity_events::outbox::sqlx;
use entity_events::outbox::sqlx::error::DatabaseError;
use uuid::Uuid;

use crate::domain::interfaces::StorageError;
use crate::domain::order::{Customer, Order, Quantity};
use crate::domain::product::{Note, Price, Product, ProductName};
use crate::domain::value::InvalidValue;

/// Id, name, price, note. How a database keeps ids is its own.
pub(super) type ProductRow<I = Uuid> = (I, String, i64, Option<String>);

/// Id, product, customer, quantity.
pub(super) type OrderRow<I = Uuid> = (I, I, String, i64);

pub(super) fn product<I: Into<Uuid>>(
    (id, name, price, note): ProductRow<I>,
) -> Result<Product, StorageError> {
    let id: Uuid = id.into();
    let product = || -> Result<_, InvalidValue> {
        let note = note.as_deref().map(Note::new).transpose()?;
        Ok(Product { id: id.into(), name: ProductName::new(&name)?, price: Price::new(price)?, note })
    };
    product().map_err(unreadable)
}

pub(super) fn order<I: Into<Uuid>>(
    (id, product, customer, quantity): OrderRow<I>,
) -> Result<Order, StorageError> {
    let (id, product): (Uuid, Uuid) = (id.into(), product.into());
    let order = || -> Result<_, InvalidValue> {
        let (customer, quantity) = (Customer::new(&customer)?, Quantity::new(quantity)?);
        Ok(Order { id: id.into(), product_id: product.into(), customer, quantity })
    };
    order().map_err(unreadable)
}

/// A row that somebody else has written.
fn unreadable(error: InvalidValue) -> StorageError {
    StorageError { is_temporary: false, source: error.into() }
}

/// What a driver's error means.
pub(super) fn failed(error: sqlx::Error) -> StorageError {
    use sqlx::Error as E;
    let code = error.as_database_error().and_then(DatabaseError::code);
    let is_temporary = match (code.as_deref(), &error) {
        // SQLite: busy or locked, in the lowest byte.
        (Some(code), _) if code.len() < 5 => code.parse().is_ok_and(|code: u32| matches!(code & 0xff, 5 | 6)),
        // PostgreSQL: the connection, a serialization failure or deadlock, resources, a shutdown.
        (Some(code), _) => ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class)),
        (None, E::Io(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::Tls(_)) => true,
        (None, _) => false,
    };
    StorageError { is_temporary, source: error.into() }
}
