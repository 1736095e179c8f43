//! From the configuration to librdkafka: the layers, and what no layer may change.

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

/// Properties that would break a promise of the service, each with the reason and the remedy.
const LOCKED: &[(&str, &str)] = &[
    ("acks", "it is always `all`: published means that every in-sync replica has the event"),
    ("enable.idempotence", "it is always `true`: a retry must not write an event twice or out of order"),
    ("bootstrap.servers", "set `bootstrap_servers` instead"),
    ("client.id", "set `client_id` instead"),
    ("transactional.id", "the service does not use transactions, and nothing could be sent outside one"),
    ("enable.gapless.guarantee", "it is experimental, and stops the producer at the first lost event"),
    (
        "delivery.report.only.error",
        "the service has to hear of delivered events, or they never count as published",
    ),
    (
        "enable.sasl.oauthbearer.unsecure.jwt",
        "tokens made that way are never renewed; give the service's builder an `oauth_token`",
    ),
    ("queuing.strategy", "it is always `fifo`: events of one key keep their order"),
];

/// How librdkafka's hidden properties begin: they replace the cluster, or read an address from their text.
const FOR_TESTS: [&str; 2] = ["test.", "ut_"];

/// librdkafka's second names. One property under two names would win by chance.
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

/// What neither the template nor the configuration names, where librdkafka's default would break a promise.
const BUILT_IN: &[(&str, &str)] = &[
    // As in Java. While librdkafka waits to connect again it gives up no event, so its 10 s would let a publish
    // overstay `delivery.timeout.ms` by as much.
    ("reconnect.backoff.max.ms", "1000"),
];

/// The complete librdkafka configuration, checked.
pub(in crate::kafka) fn client_config<T: Topics>(config: &KafkaConfig<T>) -> Result<Effective, ConfigError> {
    check_addresses(&config.bootstrap_servers)?;
    if config.client_id.trim().is_empty() {
        return Err(ConfigError::new("client_id", "it is empty; give the service's name"));
    }
    for (field, topic) in config.topics.fields() {
        topics::check_name(topic).map_err(|why| {
            let rule = "1 to 249 bytes of `[a-zA-Z0-9._-]`, and neither `.` nor `..`";
            ConfigError::new(field, format!("Kafka refuses the topic `{topic}`: {why}; give {rule}"))
        })?;
    }
    config.security.check()?;
    if config.producer.compression_type == Compression::Zstd && !cfg!(feature = "zstd") {
        let problem =
            "`zstd` is not built in; add the cargo feature `zstd` of `entity-events`, or choose `lz4`";
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
            let problem = "it is for librdkafka's own tests; for yours, use `EmbeddedKafka`";
            return Err(ConfigError::new(layers.key(name), problem));
        }
        if let Some((_, why)) = LOCKED.iter().find(|(locked, _)| *locked == name) {
            return Err(ConfigError::new(layers.key(name), format!("it cannot be set here: {why}")));
        }
    }
    let mut client = ClientConfig::new();
    let level = if layers.get("debug").is_some() { RDKafkaLogLevel::Debug } else { RDKafkaLogLevel::Info };
    client.set_log_level(level);
    client.extend(layers.values());
    // librdkafka knows best which names and values exist: have it look now, property by property. It also reads what we would
    // not, such as hexadecimal numbers, so the values to check are those that it has read.
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
    /// How much librdkafka's queue takes.
    pub(in crate::kafka) queue_records: usize,
    pub(in crate::kafka) queue_bytes: usize,
}

/// The error of librdkafka with the key that the user wrote, and without secrets.
pub(in crate::kafka) fn refused_by_librdkafka(
    error: &KafkaError,
    key: impl Fn(&str) -> String,
) -> ConfigError {
    match error {
        KafkaError::ClientConfig(_, description, name, _) if is_secret(name) => {
            let unknown = description.starts_with("No such");
            let problem =
                if unknown { "librdkafka has no such property" } else { "librdkafka refuses the value" };
            ConfigError::new(key(name), problem)
        }
        KafkaError::ClientConfig(_, description, name, _) => {
            ConfigError::new(key(name), format!("librdkafka refuses it: {description}"))
        }
        KafkaError::ClientCreation(description) => {
            ConfigError::new("kafka", format!("librdkafka refuses the configuration: {description}"))
        }
        other => ConfigError::new("kafka", format!("the producer could not be made: {other}")),
    }
}
