// The output of the derive, as a team would write it by hand.

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use entity_events::{Entity, Event, EventMetadata, Publish, TopicFor, Topics};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// The kinds of [`ProductEvent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ProductEventType {
    /// A [`Product`] was created.
    #[serde(rename = "ProductCreated")]
    Created,
    /// A [`Product`] was updated.
    #[serde(rename = "ProductUpdated")]
    Updated,
    /// A [`Product`] was deleted.
    #[serde(rename = "ProductDeleted")]
    Deleted,
}

impl ProductEventType {
    /// The name on the wire, such as `ProductCreated`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "ProductCreated",
            Self::Updated => "ProductUpdated",
            Self::Deleted => "ProductDeleted",
        }
    }
}

impl fmt::Display for ProductEventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A [`Product`] as its events show it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProductEventData {
    /// The product's id.
    pub id: ProductId,
    /// The product's name.
    pub name: String,
    /// The product's price.
    pub price: Decimal,
}

impl From<&Product> for ProductEventData {
    fn from(product: &Product) -> Self {
        Self { id: product.id.clone(), name: product.name.clone(), price: product.price.clone() }
    }
}

/// A change of a [`Product`], as it is published.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProductEvent {
    /// The unique id of this event, a UUIDv7.
    pub event_id: Uuid,
    /// What happened.
    pub event_type: ProductEventType,
    /// When it happened.
    pub timestamp: DateTime<Utc>,
    /// The version of the event's schema.
    pub version: String,
    /// The [`Product`] after the change; the last state for a deletion.
    pub data: ProductEventData,
    /// The [`Product`] before the change, for an update.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_data: Option<ProductEventData>,
    /// Who published the event, and on whose behalf.
    pub metadata: EventMetadata,
}

impl ProductEvent {
    /// A [`Product`] was created.
    #[must_use]
    pub fn new_created(product: &Product, correlation_id: Uuid) -> Self {
        Self::new(ProductEventType::Created, product.into(), correlation_id)
    }

    /// A [`Product`] was updated.
    #[must_use]
    pub fn new_updated(old: &Product, new: &Product, correlation_id: Uuid) -> Self {
        Self {
            old_data: Some(old.into()),
            ..Self::new(ProductEventType::Updated, new.into(), correlation_id)
        }
    }

    /// A [`Product`] was deleted.
    #[must_use]
    pub fn new_deleted(product: &Product, correlation_id: Uuid) -> Self {
        Self::new(ProductEventType::Deleted, product.into(), correlation_id)
    }

    fn new(event_type: ProductEventType, data: ProductEventData, correlation_id: Uuid) -> Self {
        Self {
            event_id: Uuid::now_v7(),
            event_type,
            timestamp: Utc::now().trunc_subsecs(6),
            version: "1.0".to_owned(),
            data,
            old_data: None,
            metadata: EventMetadata::new("catalog-service", correlation_id),
        }
    }
}

impl Entity for Product {
    type Event = ProductEvent;
}

impl Event for ProductEvent {
    type Entity = Product;

    const FEATURE: &'static str = "product";
    const SOURCE: &'static str = "catalog-service";
    const DEFAULT_TOPIC: &'static str = "int.product-update.event";
    const VERSION: &'static str = "1.0";

    fn id(&self) -> Uuid {
        self.event_id
    }

    fn event_type(&self) -> &'static str {
        self.event_type.as_str()
    }

    fn key(&self) -> String {
        self.data.id.to_string()
    }

    fn metadata(&self) -> &EventMetadata {
        &self.metadata
    }

    fn timestamp(&self) -> DateTime<Utc> {
        self.timestamp
    }
}

/// Publishes the events of [`Product`].
#[async_trait]
pub trait ProductEventProducer: fmt::Debug + Send + Sync {
    /// Publishes a change of a [`Product`] and waits until every in-sync replica has it.
    async fn publish_product_event(&self, event: ProductEvent) -> Result<(), ProductError>;

    /// Publishes changes of [`Product`]s in order and waits until every in-sync replica has them all.
    async fn publish_product_events(&self, events: Vec<ProductEvent>) -> Result<(), ProductError> {
        for event in events {
            self.publish_product_event(event).await?;
        }
        Ok(())
    }

    /// Hands over a change of a [`Product`]: never fails the operation; a failure is logged.
    async fn emit_product_event(&self, event: ProductEvent) {
        let (id, event_type) = (event.event_id, event.event_type);
        if let Err(error) = self.publish_product_event(event).await {
            eprintln!("event {id} ({event_type}) was not published: {error:?}");
        }
    }
}

#[async_trait]
impl<P: Publish<ProductEvent>> ProductEventProducer for P {
    async fn publish_product_event(&self, event: ProductEvent) -> Result<(), ProductError> {
        Publish::publish(self, event).await.map_err(ProductError::from)
    }

    async fn publish_product_events(&self, events: Vec<ProductEvent>) -> Result<(), ProductError> {
        Publish::publish_all(self, events).await.map_err(ProductError::from)
    }

    async fn emit_product_event(&self, event: ProductEvent) {
        Publish::emit(self, event).await;
    }
}

/// The topic of [`ProductEvent`] in a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductTopics {
    /// Where the events of [`Product`] go.
    pub product_topic: String,
}

impl Default for ProductTopics {
    fn default() -> Self {
        Self { product_topic: ProductEvent::DEFAULT_TOPIC.to_owned() }
    }
}

impl Topics for ProductTopics {
    const SOURCE: &'static str = ProductEvent::SOURCE;

    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![("product_topic", self.product_topic.as_str())]
    }

    fn fields_mut(&mut self) -> Vec<(&'static str, &mut String)> {
        vec![("product_topic", &mut self.product_topic)]
    }
}

impl TopicFor<Product> for ProductTopics {
    fn topic(&self) -> &str {
        &self.product_topic
    }
}
