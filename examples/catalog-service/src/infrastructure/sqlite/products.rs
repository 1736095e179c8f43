//! Products in SQLite.

use async_trait::async_trait;
use entity_events::outbox::sqlx::{query, query_as};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use super::unit_of_work::SqliteUnitOfWork;
use crate::domain::interfaces::StorageError;
use crate::domain::product::{Note, Product, ProductId, ProductRepository};
use crate::infrastructure::rows::{ProductRow, failed, product};

#[async_trait]
impl ProductRepository for SqliteUnitOfWork {
    async fn insert(&self, product: &Product) -> Result<(), StorageError> {
        query("INSERT INTO products (id, name, price_cents, note) VALUES (?1, ?2, ?3, ?4)")
            .bind(Uuid::from(product.id).hyphenated())
            .bind(product.name.as_str())
            .bind(i64::from(product.price.cents()))
            .bind(product.note.as_ref().map(Note::as_str))
            .execute(&mut **self.tx.lock().await)
            .await
            .map(drop)
            .map_err(failed)
    }

    async fn update(&self, product: &Product) -> Result<(), StorageError> {
        query("UPDATE products SET name = ?2, price_cents = ?3, note = ?4 WHERE id = ?1")
            .bind(Uuid::from(product.id).hyphenated())
            .bind(product.name.as_str())
            .bind(i64::from(product.price.cents()))
            .bind(product.note.as_ref().map(Note::as_str))
            .execute(&mut **self.tx.lock().await)
            .await
            .map(drop)
            .map_err(failed)
    }

    async fn delete(&self, id: ProductId) -> Result<(), StorageError> {
        query("DELETE FROM products WHERE id = ?1")
            .bind(Uuid::from(id).hyphenated())
            .execute(&mut **self.tx.lock().await)
            .await
            .map(drop)
            .map_err(failed)
    }

    async fn find(&self, id: ProductId) -> Result<Option<Product>, StorageError> {
        let row: Option<ProductRow<Hyphenated>> =
            query_as("SELECT id, name, price_cents, note FROM products WHERE id = ?1")
                .bind(Uuid::from(id).hyphenated())
                .fetch_optional(&mut **self.tx.lock().await)
                .await
                .map_err(failed)?;
        row.map(product).transpose()
    }

    /// A change is the only writer of the file from its beginning (`BEGIN IMMEDIATE`).
    async fn find_for_update(&self, id: ProductId) -> Result<Option<Product>, StorageError> {
        ProductRepository::find(self, id).await
    }

    async fn newest(&self, most: u32) -> Result<Vec<Product>, StorageError> {
        let rows: Vec<ProductRow<Hyphenated>> =
            query_as("SELECT id, name, price_cents, note FROM products ORDER BY id DESC LIMIT ?1")
                .bind(i64::from(most))
                .fetch_all(&mut **self.tx.lock().await)
                .await
                .map_err(failed)?;
        rows.into_iter().map(product).collect()
    }
}
