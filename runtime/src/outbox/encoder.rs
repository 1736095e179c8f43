//! From events to rows: what an outbox and its collections share.

use std::sync::OnceLock;

use super::row::{EventRows, RowLimits, rows};
use crate::error::PublishError;
use crate::event::Event;
use crate::kafka::KafkaConfig;
use crate::telemetry::Source;
use crate::topics::{TopicFor, Topics};

#[derive(Debug)]
pub(super) struct Encoder<T> {
    topics: T,
    limits: RowLimits,
    source: Source,
    /// What tells the outbox's own table from that of another database, once it was checked.
    table: OnceLock<String>,
}

impl<T: Topics> Encoder<T> {
    pub(super) fn new(config: &KafkaConfig<T>) -> Self {
        let property = config.properties.get("message.max.bytes").and_then(|text| text.trim().parse().ok());
        let setting = usize::try_from(config.producer.message_max_bytes).unwrap_or(usize::MAX);
        let limits = RowLimits { bytes: property.unwrap_or(setting), log_keys: config.log_keys };
        let source = Source::new(&config.client_id, &config.bootstrap_servers, config.log_keys);
        Self { topics: config.prefixed_topics(), limits, source, table: OnceLock::new() }
    }

    pub(super) fn rows<E: Event>(&self, event: &E) -> Result<EventRows, PublishError>
    where
        T: TopicFor<E::Entity>,
    {
        rows(self.topics.topic(), event, &self.source, self.limits)
    }

    pub(super) fn table(&self) -> Option<&str> {
        self.table.get().map(String::as_str)
    }

    pub(super) fn logs_keys(&self) -> bool {
        self.limits.log_keys
    }

    pub(super) fn set_table(&self, table: String) {
        let _ = self.table.set(table);
    }
}
