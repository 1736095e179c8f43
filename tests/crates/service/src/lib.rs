//! The entities come from another crate; the topics, and with them Kafka, from here.

use std::sync::Arc;

use entity_events::kafka::{ConfigError, KafkaConfig, KafkaEventService};
use entity_events::topics;
use entity_events_domain::{EventProducer, Product, shop};

/// The topics of the service.
#[topics(Product, shop::Order)]
pub struct Topics;

/// Joins the port with Kafka.
///
/// # Errors
///
/// Where the configuration is wrong.
pub fn events(config: &KafkaConfig<Topics>) -> Result<Arc<dyn EventProducer>, ConfigError> {
    Ok(Arc::new(KafkaEventService::new(config)?))
}
