//! The topics, which have to be there.

use std::time::Duration;

use entity_events::kafka::{KafkaEventService, TopicPolicy};

use crate::config::{KafkaConfig, TopicSettings};

/// How long to wait before asking again.
const PAUSE: Duration = Duration::from_secs(5);

/// Checks or creates the topics, and asks again until they are there. The service starts meanwhile: without Kafka, events wait
/// in the outbox.
pub async fn ensure_topics(config: KafkaConfig, settings: TopicSettings) {
    let TopicSettings { create, partitions, replicas } = settings;
    let policy = if create { TopicPolicy::Create { partitions, replicas } } else { TopicPolicy::Check };
    // The relay has its own producer; this one only asks.
    let service = match KafkaEventService::new(&config) {
        Ok(service) => service,
        Err(error) => return tracing::error!(%error, "the topics cannot be checked"),
    };
    while let Err(error) = service.ensure_topics(policy.clone()).await {
        tracing::warn!(%error, "the topics are not there yet; asking again");
        tokio::time::sleep(PAUSE).await;
    }
    tracing::info!("the topics are there");
}
