//! The cluster as the client sees it: addresses, health and errors.

#[cfg(feature = "ssl")]
mod certificate;
mod errors;
mod health;
mod log;
mod refusals;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

#[cfg(feature = "ssl")]
use self::certificate::Certificates;
use self::errors::publish_error;
pub(super) use self::errors::{Written, classify, has_lost_track};
use self::health::Condition;
pub use self::health::Health;
pub(super) use self::log::log_librdkafka;
use crate::error::{ErrorKind, PublishError};

#[derive(Debug)]
pub(super) struct Cluster {
    /// The brokers to connect to first.
    pub(super) servers: String,
    pub(super) condition: Arc<Condition>,
    /// librdkafka's last statistics in JSON, if enabled.
    statistics: Mutex<Option<Arc<str>>>,
    #[cfg(feature = "ssl")]
    certificates: Arc<Certificates>,
    delivery_timeout_ms: String,
}

impl Cluster {
    pub(super) fn new(servers: String, config: &ClientConfig) -> Self {
        Self {
            servers,
            condition: Arc::default(),
            statistics: Mutex::default(),
            #[cfg(feature = "ssl")]
            certificates: Arc::new(Certificates::new(config)),
            delivery_timeout_ms: config.get("delivery.timeout.ms").unwrap_or_default().to_owned(),
        }
    }

    /// Handles an error of librdkafka.
    pub(super) fn on_error(&self, error: &KafkaError, reason: &str) {
        #[cfg(feature = "ssl")]
        if self.certificates.handle(&self.condition, error, reason) {
            return;
        }
        self.condition.on_error(error, reason);
    }

    pub(super) fn statistics(&self) -> Option<Arc<str>> {
        self.statistics.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_statistics(&self, statistics: &str) {
        *self.statistics.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::from(statistics));
    }

    /// Converts the error of a failed record, adding where and for how long it was tried.
    pub(super) fn error(&self, error: KafkaError, topic: &str, written: Written) -> PublishError {
        let within = match error.rdkafka_error_code() {
            Some(Code::MessageTimedOut) => {
                format!(" within {} ms (`producer.delivery_timeout_ms`)", self.delivery_timeout_ms)
            }
            _ => String::new(),
        };
        self.error_within(error, topic, &within, written)
    }

    /// Returns the error of a record that waited for space in a full queue.
    pub(super) fn queue_full_within(&self, max_block: Duration, topic: &str) -> PublishError {
        let within = format!(" within {} ms (`producer.max_block_ms`)", max_block.as_millis());
        self.error_within(KafkaError::MessageProduction(Code::QueueFull), topic, &within, Written::No)
    }

    /// Returns the error of a record that was queued behind records that Kafka did not take, and so was not sent.
    pub(super) fn recalled(&self, topic: &str, written: Written) -> PublishError {
        let (kind, outcome) = match written {
            Written::No => (ErrorKind::Retriable, "not published to"),
            Written::Maybe | Written::PerErrorCode => (ErrorKind::Unknown, "not confirmed for"),
        };
        let (servers, last_error) = (&self.servers, self.condition.last_error());
        let text = format!(
            "{outcome} topic `{topic}` at `{servers}`{last_error}: it was queued while Kafka did not take events in time"
        );
        PublishError::new(kind, text)
    }

    fn error_within(&self, error: KafkaError, topic: &str, within: &str, written: Written) -> PublishError {
        let context = format!("at `{}`{within}{}", self.servers, self.condition.last_error());
        publish_error(error, topic, &context, written)
    }
}
