//! What the examples start from.

use entity_events::Uuid;
use entity_events::kafka::KafkaConfig;

use crate::domain::{Product, ProductTopics};

/// The configuration of a service. Collecting events connects to no broker.
#[must_use]
pub fn config() -> KafkaConfig<ProductTopics> {
    KafkaConfig::new("kafka-1:9092,kafka-2:9092")
}

/// A lamp with a new id, whose name has to be escaped in JSON.
#[must_use]
pub fn lamp() -> Product {
    Product { id: Uuid::new_v4(), name: "Lamp \"Zoë\"".to_owned(), price_cents: 1_250 }
}
