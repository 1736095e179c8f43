//! The brokers: real ones, or three within the process.

use std::sync::atomic::{AtomicBool, Ordering};

use entity_events::Topics as _;
use entity_events::testing::{EmbeddedKafka, EmbeddedKafkaError};

use crate::config::{KafkaConfig, Settings};

/// How many there are within the process.
const EMBEDDED: i32 = 3;

/// The brokers that the service talks to, and how.
#[derive(Debug)]
pub struct Brokers {
    config: KafkaConfig,
    /// Those within the process; they end when this is dropped.
    embedded: Option<EmbeddedKafka>,
    is_up: AtomicBool,
}

/// The error returned if the brokers cannot be taken away.
#[derive(Debug, thiserror::Error)]
pub enum SwitchError {
    /// They are not ours.
    #[error("the brokers are real ones; stop them by the means that started them")]
    Real,
    /// The embedded Kafka failed.
    #[error(transparent)]
    Embedded(#[from] EmbeddedKafkaError),
}

impl Brokers {
    /// Starts brokers within the process, unless there are others.
    ///
    /// # Errors
    ///
    /// The embedded Kafka does not start.
    pub async fn start(settings: &Settings) -> Result<Self, EmbeddedKafkaError> {
        let mut config = settings.kafka_config.clone();
        let embedded = if settings.embedded_kafka {
            let mut builder = EmbeddedKafka::builder().brokers(EMBEDDED);
            for (_, topic) in config.prefixed_topics().fields() {
                builder = builder.topic(topic, settings.topics.partitions);
            }
            let kafka = builder.start().await?;
            kafka.bootstrap_servers().clone_into(&mut config.bootstrap_servers);
            // Whoever turns the switch wants to see them back at once.
            config
                .properties
                .entry("reconnect.backoff.max.ms".to_owned())
                .or_insert_with(|| "500".to_owned());
            Some(kafka)
        } else {
            None
        };
        Ok(Self { config, embedded, is_up: AtomicBool::new(true) })
    }

    /// How to talk to them.
    #[must_use]
    pub fn config(&self) -> &KafkaConfig {
        &self.config
    }

    /// Whether they are within the process, and so can be taken away.
    #[must_use]
    pub fn are_embedded(&self) -> bool {
        self.embedded.is_some()
    }

    /// Whether nobody has taken them away.
    #[must_use]
    pub fn are_up(&self) -> bool {
        self.is_up.load(Ordering::Relaxed)
    }

    /// Takes all brokers away, or brings them back.
    ///
    /// # Errors
    ///
    /// The brokers are real ones.
    pub fn switch(&self, up: bool) -> Result<(), SwitchError> {
        let kafka = self.embedded.as_ref().ok_or(SwitchError::Real)?;
        for broker in 1..=EMBEDDED {
            if up { kafka.broker_up(broker)? } else { kafka.broker_down(broker)? }
        }
        self.is_up.store(up, Ordering::Relaxed);
        Ok(())
    }
}
