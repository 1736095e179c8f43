//! Orders in PostgreSQL.

use async_trait::async_trait;
use entity_events::outbox::sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::unit_of_work::PgUnitOfWork;
use crate::domain::interfaces::StorageError;
use crate::domain::order::{Order, OrderId, OrderRepository};
use crate::domain::product::ProductId;
use crate::infrastructure::rows::{OrderRow, failed, order};

#[async_trait]
impl OrderRepository for PgUnitOfWork {
    async fn insert(&self, order: &Order) -> Result<(), StorageError> {
        query("INSERT INTO orders (id, product_id, customer, quantity) VALUES ($1, $2, $3, $4)")
            .bind(Uuid::from(order.id))
            .bind(Uuid::from(order.product_id))
            .bind(order.customer.as_str())
            .bind(i64::from(order.quantity.count()))
            .execute(&mut **self.tx.lock().await)
            .await
            .map(drop)
            .map_err(failed)
    }

    async fn update(&self, order: &Order) -> Result<(), StorageError> {
        query("UPDATE orders SET product_id = $2, customer = $3, quantity = $4 WHERE id = $1")
            .bind(Uuid::from(order.id))
            .bind(Uuid::from(order.product_id))
            .bind(order.customer.as_str())
            .bind(i64::from(order.quantity.count()))
            .execute(&mut **self.tx.lock().await)
            .await
            .map(drop)
            .map_err(failed)
    }

    async fn delete(&self, id: OrderId) -> Result<(), StorageError> {
        query("DELETE FROM orders WHERE id = $1")
            .bind(Uuid::from(id))
            .execute(&mut **self.tx.lock().await)
            .await
            .map(drop)
            .map_err(failed)
    }

    async fn find(&self, id: OrderId) -> Result<Option<Order>, StorageError> {
        let row: Option<OrderRow> =
            query_as("SELECT id, product_id, customer, quantity FROM orders WHERE id = $1")
                .bind(Uuid::from(id))
                .fetch_optional(&mut **self.tx.lock().await)
                .await
                .map_err(failed)?;
        row.map(order).transpose()
    }

    async fn find_for_update(&self, id: OrderId) -> Result<Option<Order>, StorageError> {
        let row: Option<OrderRow> =
            query_as("SELECT id, product_id, customer, quantity FROM orders WHERE id = $1 FOR UPDATE")
                .bind(Uuid::from(id))
                .fetch_optional(&mut **self.tx.lock().await)
                .await
                .map_err(failed)?;
        row.map(order).transpose()
    }

    async fn is_ordered(&self, product: ProductId) -> Result<bool, StorageError> {
        query_scalar("SELECT EXISTS (SELECT FROM orders WHERE product_id = $1)")
            .bind(Uuid::from(product))
            .fetch_one(&mut **self.tx.lock().await)
            .await
            .map_err(failed)
    }

    async fn newest(&self, most: u32) -> Result<Vec<Order>, StorageError> {
        let rows: Vec<OrderRow> =
            query_as("SELECT id, product_id, customer, quantity FROM orders ORDER BY id DESC LIMIT $1")
                .bind(i64::from(most))
                .fetch_all(&mut **self.tx.lock().await)
                .await
                .map_err(failed)?;
        rows.into_iter().map(order).collect()
    }
}
