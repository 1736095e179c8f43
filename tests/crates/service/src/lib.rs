//! The entities come from another crate; this one adds the topics and Kafka.

use std::sync::Arc;

use entity_events::kafka::{ConfigError, KafkaConfig, KafkaEventService};
use entity_events::topics;
use entity_events_domain::{EventProducer, Product, shop};

/// The topics of the service.
#[topics(Product, shop::Order)]
pub struct Topics;

/// Implements the port with Kafka.
///
/// # Errors
///
/// If the configuration is invalid.
pub fn events(config: &KafkaConfig<Topics>) -> Result<Arc<dyn EventProducer>, ConfigError> {
    Ok(Arc::new(KafkaEventService::new(config)?))
}
