//! Products in PostgreSQL.

use async_trait::async_trait;
use entity_events::outbox::sqlx::{query, query_as};
use uuid::Uuid;

use super::unit_of_work::PgUnitOfWork;
use crate::domain::interfaces::StorageError;
use crate::domain::product::{Note, Product, ProductId, ProductRepository};
use crate::infrastructure::rows::{ProductRow, failed, product};

#[async_trait]
impl ProductRepository for PgUnitOfWork {
    async fn insert(&self, product: &Product) -> Result<(), StorageError> {
        query("INSERT INTO products (id, name, price_cents, note) VALUES ($1, $2, $3, $4)")
            .bind(Uuid::from(product.id))
            .bind(product.name.as_str())
            .bind(i64::from(product.price.cents()))
            .bind(product.note.as_ref().map(Note::as_str))
            .execute(&mut **self.tx.lock().await)
            .await
            .map(drop)
            .map_err(failed)
    }

    async fn update(&self, product: &Product) -> Result<(), StorageError> {
        query("UPDATE products SET name = $2, price_cents = $3, note = $4 WHERE id = $1")
            .bind(Uuid::from(product.id))
            .bind(product.name.as_str())
            .bind(i64::from(product.price.cents()))
            .bind(product.note.as_ref().map(Note::as_str))
            .execute(&mut **self.tx.lock().await)
            .await
            .map(drop)
            .map_err(failed)
    }

    async fn delete(&self, id: ProductId) -> Result<(), StorageError> {
        query("DELETE FROM products WHERE id = $1")
            .bind(Uuid::from(id))
            .execute(&mut **self.tx.lock().await)
            .await
            .map(drop)
            .map_err(failed)
    }

    async fn find(&self, id: ProductId) -> Result<Option<Product>, StorageError> {
        let row: Option<ProductRow> =
            query_as("SELECT id, name, price_cents, note FROM products WHERE id = $1")
                .bind(Uuid::from(id))
                .fetch_optional(&mut **self.tx.lock().await)
                .await
                .map_err(failed)?;
        row.map(product).transpose()
    }

    async fn find_for_update(&self, id: ProductId) -> Result<Option<Product>, StorageError> {
        let row: Option<ProductRow> =
            query_as("SELECT id, name, price_cents, note FROM products WHERE id = $1 FOR UPDATE")
                .bind(Uuid::from(id))
                .fetch_optional(&mut **self.tx.lock().await)
                .await
                .map_err(failed)?;
        row.map(product).transpose()
    }

    async fn newest(&self, most: u32) -> Result<Vec<Product>, StorageError> {
        let rows: Vec<ProductRow> =
            query_as("SELECT id, name, price_cents, note FROM products ORDER BY id DESC LIMIT $1")
                .bind(i64::from(most))
                .fetch_all(&mut **self.tx.lock().await)
                .await
                .map_err(failed)?;
        rows.into_iter().map(product).collect()
    }
}
