//! The cluster as this side sees it: where it is, how it is, and how its errors read.

use std::time::Duration;

use arc_swap::ArcSwapOption;
use rdkafka::Statistics;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use super::errors::publish_error;
use super::health::Condition;
use crate::error::PublishError;

#[derive(Debug)]
pub(super) struct Cluster {
    /// The brokers that are tried first.
    pub(super) servers: String,
    pub(super) condition: Condition,
    /// What librdkafka last told of itself, where it is asked to.
    pub(super) statistics: ArcSwapOption<Statistics>,
    delivery_timeout_ms: String,
}

impl Cluster {
    pub(super) fn new(servers: String, delivery_timeout_ms: String) -> Self {
        Self {
            servers,
            condition: Condition::default(),
            statistics: ArcSwapOption::empty(),
            delivery_timeout_ms,
        }
    }

    /// A failed record as an error that says what was tried, where and for how long.
    pub(super) fn error(&self, error: KafkaError, topic: &str) -> PublishError {
        let within = match error.rdkafka_error_code() {
            Some(Code::MessageTimedOut) => {
                format!(" within {} ms (`producer.delivery_timeout_ms`)", self.delivery_timeout_ms)
            }
            _ => String::new(),
        };
        self.error_within(error, topic, &within)
    }

    /// A record for which there was no room in the queue, after a wait for some.
    pub(super) fn no_room_within(&self, max_block: Duration, topic: &str) -> PublishError {
        let within = format!(" within {} ms (`producer.max_block_ms`)", max_block.as_millis());
        self.error_within(KafkaError::MessageProduction(Code::QueueFull), topic, &within)
    }

    fn error_within(&self, error: KafkaError, topic: &str, within: &str) -> PublishError {
        let context = format!("at `{}`{within}{}", self.servers, self.condition.last_seen());
        publish_error(error, topic, &context)
    }
}
