//! Translates the configuration to librdkafka's properties, and protects those that no layer may change.

use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;

use super::KafkaConfig;
use super::checks::{check_addresses, check_complete, check_records, check_times};
use super::error::ConfigError;
use super::layers::Layers;
use super::secret::is_secret;
use super::settings::Compression;
use crate::topics::{self, Topics};

/// Properties that would break a guarantee of the service, each with the reason and the remedy.
pub(super) const LOCKED: &[(&str, &str)] = &[
    ("acks", "always `all`: published means that every in-sync replica has the event"),
    ("enable.idempotence", "always `true`: a retry must not write an event twice or out of order"),
    ("bootstrap.servers", "set `bootstrap_servers` instead"),
    ("client.id", "set `client_id` instead"),
    ("transactional.id", "the service does not use transactions, and nothing could be sent outside one"),
    ("enable.gapless.guarantee", "experimental, and stops the producer at the first lost event"),
    ("delivery.report.only.error", "without reports, delivered events would never count as published"),
    (
        "enable.sasl.oauthbearer.unsecure.jwt",
        "such tokens are never renewed; set `oauth_token` on the service's builder",
    ),
    ("queuing.strategy", "always `fifo`: events of one key keep their order"),
];

/// Prefixes of librdkafka's hidden properties, which replace the cluster, or parse their value as a memory address.
const FOR_TESTS: [&str; 2] = ["test.", "ut_"];

/// librdkafka's aliases. Of one property set under two names, an arbitrary one would win.
const ALIASES: &[(&str, &str)] = &[
    ("request.required.acks", "acks"),
    ("metadata.broker.list", "bootstrap.servers"),
    ("max.in.flight", "max.in.flight.requests.per.connection"),
    ("message.timeout.ms", "delivery.timeout.ms"),
    ("queue.buffering.max.ms", "linger.ms"),
    ("message.send.max.retries", "retries"),
    ("compression.codec", "compression.type"),
    ("sasl.mechanisms", "sasl.mechanism"),
];

/// Replacements for librdkafka's defaults that would break a guarantee, if nothing else sets the property.
const BUILT_IN: &[(&str, &str)] = &[
    // As in Java. librdkafka expires no event while it waits to reconnect, so its default of 10 s would let a publish
    // exceed `delivery.timeout.ms` by as much.
    ("reconnect.backoff.max.ms", "1000"),
];

/// Builds and checks the complete librdkafka configuration.
pub(in crate::kafka) fn client_config<T: Topics>(config: &KafkaConfig<T>) -> Result<Effective, ConfigError> {
    check_addresses(&config.bootstrap_servers)?;
    if config.client_id.trim().is_empty() {
        return Err(ConfigError::new("client_id", "must not be empty; use the service's name"));
    }
    for (field, topic) in config.prefixed_topics().fields() {
        topics::check_name(topic).map_err(|why| {
            let rule = "1 to 249 of `[a-zA-Z0-9._-]`, and neither `.` nor `..`";
            ConfigError::new(field, format!("invalid topic name `{topic}`: {why}; use {rule}"))
        })?;
    }
    config.security.check()?;
    if config.producer.compression_type == Compression::Zstd && !cfg!(feature = "zstd") {
        let problem =
            "`zstd` is not built in; enable the cargo feature `zstd` of `entity-events`, or use `lz4`";
        return Err(ConfigError::new("producer.compression_type", problem));
    }

    let mut layers = Layers::default();
    for (name, value) in BUILT_IN {
        layers.set(name, *value);
    }
    layers.set("bootstrap.servers", &config.bootstrap_servers);
    layers.set("client.id", &config.client_id);
    for (name, value) in config.producer.properties().into_iter().chain(config.security.properties()) {
        layers.set(name, value);
    }
    for (written, value) in &config.properties {
        let name =
            ALIASES.iter().find(|(alias, _)| alias == written).map_or(written.as_str(), |(_, name)| name);
        layers.set_by_property(name, written, value);
        if FOR_TESTS.iter().any(|prefix| name.starts_with(prefix)) {
            let problem = "reserved for librdkafka's own tests; in yours, use `EmbeddedKafka`";
            return Err(ConfigError::new(layers.key(name), problem));
        }
        if let Some((_, why)) = LOCKED.iter().find(|(locked, _)| *locked == name) {
            return Err(ConfigError::new(layers.key(name), format!("cannot be set here: {why}")));
        }
    }
    let mut client = ClientConfig::new();
    let level = if layers.get("debug").is_some() { RDKafkaLogLevel::Debug } else { RDKafkaLogLevel::Info };
    client.set_log_level(level);
    client.extend(layers.values());
    // Let librdkafka validate names and values, property by property. It also parses forms that we would not, such as
    // hexadecimal numbers, so the values to check are those that it has parsed.
    let native = client.create_native_config();
    let value = |name: &str| match &native {
        Ok(native) => native.get(name).ok(),
        Err(_) => layers.get(name).map(str::to_owned),
    };
    check_times(&layers, value)?;
    check_complete(&layers)?;
    check_records(&layers, value)?;
    let number = |name: &str| value(name).and_then(|value| value.parse::<usize>().ok()).unwrap_or_default();
    let queue_records = number("queue.buffering.max.messages");
    let queue_bytes = number("queue.buffering.max.kbytes").saturating_mul(1024);
    native.map_err(|error| refused_by_librdkafka(&error, |property| layers.key(property)))?;
    Ok(Effective { client, queue_records, queue_bytes })
}

/// A checked configuration.
pub(in crate::kafka) struct Effective {
    pub(in crate::kafka) client: ClientConfig,
    /// The capacity of librdkafka's queue.
    pub(in crate::kafka) queue_records: usize,
    pub(in crate::kafka) queue_bytes: usize,
}

/// Converts librdkafka's error, with the key that the user wrote and without secrets.
pub(in crate::kafka) fn refused_by_librdkafka(
    error: &KafkaError,
    key: impl Fn(&str) -> String,
) -> ConfigError {
    match error {
        KafkaError::ClientConfig(_, description, name, _) if is_secret(name) => {
            let unknown = description.starts_with("No such");
            let problem =
                if unknown { "unknown librdkafka property" } else { "librdkafka rejected the value" };
            ConfigError::new(key(name), problem)
        }
        KafkaError::ClientConfig(_, description, name, _) => {
            ConfigError::new(key(name), format!("librdkafka rejected it: {description}"))
        }
        KafkaError::ClientCreation(description) => {
            ConfigError::new("kafka", format!("librdkafka rejected the configuration: {description}"))
        }
        other => ConfigError::new("kafka", format!("failed to create the producer: {other}")),
    }
}
