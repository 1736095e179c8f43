//! The relay's own producer, made from the service's configuration.

use crate::kafka::config::properties::{Effective, client_config};
use crate::kafka::config::{ConfigError, KafkaConfig, ProducerSettings};
use crate::topics::Topics;

/// Properties that follow from `outbox.*`: what was set for the direct lane is not for the relay.
const OURS: [&str; 7] = [
    "delivery.timeout.ms",
    "message.timeout.ms",
    "queue.buffering.max.messages",
    "queue.buffering.max.kbytes",
    "linger.ms",
    "queue.buffering.max.ms",
    "batch.size",
];

pub(super) fn courier_config<T: Topics>(config: &KafkaConfig<T>) -> Result<Effective, ConfigError> {
    let direct = &config.producer;
    let producer = ProducerSettings {
        delivery_timeout_ms: config.outbox.delivery_timeout_ms,
        // The rows in memory are limited by the relay.
        queue_buffering_max_messages: 10_000_000,
        queue_buffering_max_kbytes: 2_097_151,
        compression_type: direct.compression_type,
        partitioner: direct.partitioner,
        message_max_bytes: direct.message_max_bytes,
        request_timeout_ms: direct.request_timeout_ms,
        allow_auto_create_topics: direct.allow_auto_create_topics,
        socket_keepalive_enable: direct.socket_keepalive_enable,
        ..ProducerSettings::low_latency()
    };
    let mut relay = config.clone();
    relay.producer = producer;
    relay.properties.retain(|name, _| !OURS.contains(&name.as_str()));
    client_config(&relay)
}
