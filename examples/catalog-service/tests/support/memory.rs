//! Repositories in memory, for tests of the domain.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use catalog_service::domain::interfaces::StorageError;
use catalog_service::domain::order::{Order, OrderId, OrderRepository};
use catalog_service::domain::product::{Product, ProductId, ProductRepository};
use uuid::Uuid;

/// All products and orders.
#[derive(Debug, Default)]
pub struct Memory {
    products: Mutex<BTreeMap<Uuid, Product>>,
    orders: Mutex<BTreeMap<Uuid, Order>>,
}

#[async_trait]
impl ProductRepository for Memory {
    async fn insert(&self, product: &Product) -> Result<(), StorageError> {
        self.products.lock().unwrap().insert(product.id.into(), product.clone());
        Ok(())
    }

    async fn update(&self, product: &Product) -> Result<(), StorageError> {
        ProductRepository::insert(self, product).await
    }

    async fn delete(&self, id: ProductId) -> Result<(), StorageError> {
        self.products.lock().unwrap().remove(&id.into());
        Ok(())
    }

    async fn find(&self, id: ProductId) -> Result<Option<Product>, StorageError> {
        Ok(self.products.lock().unwrap().get(&id.into()).cloned())
    }

    async fn find_for_update(&self, id: ProductId) -> Result<Option<Product>, StorageError> {
        ProductRepository::find(self, id).await
    }

    async fn newest(&self, most: u32) -> Result<Vec<Product>, StorageError> {
        Ok(self.products.lock().unwrap().values().rev().take(most as usize).cloned().collect())
    }
}

#[async_trait]
impl OrderRepository for Memory {
    async fn insert(&self, order: &Order) -> Result<(), StorageError> {
        self.orders.lock().unwrap().insert(order.id.into(), order.clone());
        Ok(())
    }

    async fn update(&self, order: &Order) -> Result<(), StorageError> {
        OrderRepository::insert(self, order).await
    }

    async fn delete(&self, id: OrderId) -> Result<(), StorageError> {
        self.orders.lock().unwrap().remove(&id.into());
        Ok(())
    }

    async fn find(&self, id: OrderId) -> Result<Option<Order>, StorageError> {
        Ok(self.orders.lock().unwrap().get(&id.into()).cloned())
    }

    async fn find_for_update(&self, id: OrderId) -> Result<Option<Order>, StorageError> {
        OrderRepository::find(self, id).await
    }

    async fn is_ordered(&self, product: ProductId) -> Result<bool, StorageError> {
        Ok(self.orders.lock().unwrap().values().any(|order| order.product_id == product))
    }

    async fn newest(&self, most: u32) -> Result<Vec<Order>, StorageError> {
        Ok(self.orders.lock().unwrap().values().rev().take(most as usize).cloned().collect())
    }
}
