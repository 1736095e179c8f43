//! A domain that knows neither Kafka nor a database.

use entity_events::{EntityEvents, PublishError, Uuid};

/// Something that is for sale.
#[derive(Debug, Clone, PartialEq, Eq, EntityEvents)]
#[event(source = "catalog-service", delete = "event_then_tombstone")]
pub struct Product {
    /// Identifies the product; the partition key.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its price.
    pub price_cents: i64,
}

impl Product {
    /// Changes the price.
    ///
    /// # Errors
    ///
    /// Returns an error if the event was not accepted.
    pub async fn reprice(
        &mut self,
        price_cents: i64,
        events: &impl ProductEventProducer,
    ) -> Result<(), PublishError> {
        let old = self.clone();
        self.price_cents = price_cents;
        events.publish_product_event(ProductEvent::new_updated(&old, self, Uuid::new_v4())).await
    }

    /// Takes the product out of the catalog. Its event is followed by a tombstone.
    ///
    /// # Errors
    ///
    /// Returns an error if the event was not accepted.
    pub async fn withdraw(self, events: &impl ProductEventProducer) -> Result<(), PublishError> {
        events.publish_product_event(ProductEvent::new_deleted(&self, Uuid::new_v4())).await
    }
}
