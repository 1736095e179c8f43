//! From the configuration to librdkafka: the layers, and what no layer may change.

use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;

use super::config::KafkaConfig;
use super::errors::ConfigError;
use super::layers::Layers;
use super::producer::Limits;
use super::read::Setting as _;
use super::security;
use super::settings::{Compression, Partitioner};
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

/// Whether a property's value must never be shown.
pub(super) fn is_secret(property: &str) -> bool {
    let name = property.to_ascii_lowercase();
    ["password", "secret", "key.pem", "token", "jaas", "sasl.oauthbearer.config", "assertion"]
        .iter()
        .any(|part| name.contains(part))
}

/// The complete librdkafka configuration, checked.
pub(super) fn client_config<T: Topics>(config: &KafkaConfig<T>) -> Result<Effective, ConfigError> {
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
    security::check_complete(&layers)?;
    let limits = limits(&layers, value)?;
    native.map_err(|error| refused_by_librdkafka(&error, |property| layers.key(property)))?;
    Ok(Effective { client, limits })
}

/// A checked configuration.
pub(super) struct Effective {
    pub(super) client: ClientConfig,
    /// How much librdkafka's queue takes.
    pub(super) limits: Limits,
}

fn limits(layers: &Layers, value: impl Fn(&str) -> Option<String>) -> Result<Limits, ConfigError> {
    let number = |name: &str| value(name).and_then(|value| value.parse::<usize>().ok()).unwrap_or_default();
    let records = number("queue.buffering.max.messages");
    if records == 0 {
        let name = "queue.buffering.max.messages";
        let problem = "0 would be a queue without a limit; give a number from 1 to 2147483647";
        return Err(ConfigError::new(layers.key(name), problem));
    }
    if let Some(partitioner) = value("partitioner")
        && Partitioner::parse(&partitioner).is_none()
    {
        let problem =
            format!("`{partitioner}` does not keep a key on its partition; give {}", Partitioner::EXPECTED);
        return Err(ConfigError::new(layers.key("partitioner"), problem));
    }
    Ok(Limits { records, bytes: number("queue.buffering.max.kbytes").saturating_mul(1024) })
}

fn check_addresses(servers: &str) -> Result<(), ConfigError> {
    let wrong = |why: String| {
        Err(ConfigError::new(
            "bootstrap_servers",
            format!("{why}; give `host:port`, several separated by commas"),
        ))
    };
    if servers.trim().is_empty() {
        return wrong("it is empty".to_owned());
    }
    for server in servers.split(',').map(str::trim) {
        if let Some((scheme, _)) = server.split_once("://") {
            return wrong(format!("`{server}` is a URL; remove `{scheme}://`"));
        }
        let Some((host, port)) = server.rsplit_once(':') else {
            return wrong(format!("`{server}` has no port"));
        };
        let in_brackets = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let proper = match in_brackets {
            Some(ipv6) => ipv6.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.' | '%')),
            None => host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_')),
        };
        if host.is_empty() || !proper {
            return wrong(format!("`{server}` has no proper host"));
        }
        if !port.parse::<u16>().is_ok_and(|port| port > 0) {
            return wrong(format!("`{server}` has no proper port (1 to 65535)"));
        }
    }
    Ok(())
}

/// Waits must end, and a batch must be able to leave before its events are given up.
fn check_times(layers: &Layers, value: impl Fn(&str) -> Option<String>) -> Result<(), ConfigError> {
    let number = |name: &str| value(name).and_then(|value| value.parse::<f64>().ok());
    let wrong = |name: &str, problem: &str| Err(ConfigError::new(layers.key(name), problem));
    let (delivery, linger) = (number("delivery.timeout.ms"), number("linger.ms"));
    if delivery.is_some_and(|ms| ms <= 0.0) {
        let problem = "0 would wait without end; give a time in milliseconds, such as 120000";
        return wrong("delivery.timeout.ms", problem);
    }
    if let (Some(delivery), Some(linger)) = (delivery, linger)
        && delivery <= linger
    {
        let other = layers.key("linger.ms");
        let problem =
            format!("{delivery} ms is not longer than `{other}` ({linger} ms); raise it, or lower that");
        return wrong("delivery.timeout.ms", &problem);
    }
    let in_flight = "max.in.flight.requests.per.connection";
    if number(in_flight).is_some_and(|requests| !(1.0..=5.0).contains(&requests)) {
        let problem = "idempotence keeps the order of 1 to 5 requests; give a number from 1 to 5";
        return wrong(in_flight, problem);
    }
    if number("retries").is_some_and(|retries| retries < 1.0) {
        return wrong("retries", "idempotence needs retries; give at least 1");
    }
    Ok(())
}

/// The error of librdkafka with the key that the user wrote, and without secrets.
pub(super) fn refused_by_librdkafka(error: &KafkaError, key: impl Fn(&str) -> String) -> ConfigError {
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
