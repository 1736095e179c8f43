//! `KafkaConfig` through the `config` crate, as services read it.

use std::collections::HashMap;

use config::{Config, Environment, File, FileFormat};
use entity_events::kafka::{Compression, KafkaConfig, ProducerSettings, SecurityProtocol};
use entity_events::outbox::{OutboxRelay, SqliteOutbox};
use entity_events_tests::domain::Topics;
use serde::Deserialize;

/// As in the guide.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ServiceConfig {
    kafka_config: KafkaConfig<Topics>,
}

fn from_environment(variables: &[(&str, &str)]) -> Result<KafkaConfig<Topics>, String> {
    let variables: HashMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let environment = Environment::with_prefix("SERVICE").prefix_separator("__").separator("__");
    read(Config::builder().add_source(environment.source(Some(variables))))
}

fn from_file(text: &str, format: FileFormat) -> Result<KafkaConfig<Topics>, String> {
    read(Config::builder().add_source(File::from_str(text, format)))
}

fn read(
    builder: config::ConfigBuilder<config::builder::DefaultState>,
) -> Result<KafkaConfig<Topics>, String> {
    let config = builder.build().map_err(|error| error.to_string())?;
    let service: ServiceConfig = config.try_deserialize().map_err(|error| error.to_string())?;
    Ok(service.kafka_config)
}

#[test]
fn a_misspelt_section_is_an_error() {
    let error =
        from_environment(&[("SERVICE__KAFKA_CONFG__CLIENT_ID", "shop")]).expect_err("no such section");
    assert!(error.contains("kafka_confg"), "{error}");
    assert!(from_environment(&[]).is_ok(), "without a section the default applies");
}

#[test]
fn the_default_configuration() {
    let config = KafkaConfig::<Topics>::default();
    assert_eq!(config.bootstrap_servers, "localhost:9092");
    assert_eq!(config.client_id, "catalog-service", "the source of the first entity");
    assert_eq!(config.product_topic, "int.product-update.event");
    assert_eq!(config.order_topic, "int.order-update.event");
    assert!(config.log_keys);
}

#[test]
fn new_sets_only_the_brokers() {
    let mut config = KafkaConfig::<Topics>::new("kafka:9092");
    assert_eq!(config.bootstrap_servers, "kafka:9092");
    "localhost:9092".clone_into(&mut config.bootstrap_servers);
    assert_eq!(config, KafkaConfig::default());
}

#[test]
fn the_default_producer_settings() {
    let properties: HashMap<_, _> = ProducerSettings::default().properties().into_iter().collect();
    for (name, value) in [
        ("acks", "all"),
        ("retries", "3"),
        ("enable.idempotence", "true"),
        ("max.in.flight.requests.per.connection", "1"),
        ("batch.size", "16384"),
        ("linger.ms", "5"),
        ("compression.type", "lz4"),
        ("request.timeout.ms", "30000"),
        ("delivery.timeout.ms", "120000"),
        ("partitioner", "murmur2_random"),
        ("queue.buffering.max.kbytes", "65536"),
    ] {
        assert_eq!(properties.get(name).map(String::as_str), Some(value), "{name}");
    }
}

#[test]
fn presets_keep_the_guarantees() {
    for preset in [ProducerSettings::throughput(), ProducerSettings::low_latency()] {
        let properties: HashMap<_, _> = preset.properties().into_iter().collect();
        assert_eq!(properties["acks"], "all");
        assert_eq!(properties["enable.idempotence"], "true");
        assert!(preset.max_in_flight_requests_per_connection <= 5);
    }
}

#[test]
fn environment_variables() {
    let config = from_environment(&[
        ("SERVICE__KAFKA_CONFIG__BOOTSTRAP_SERVERS", "kafka-1:9092,kafka-2:9092"),
        ("SERVICE__KAFKA_CONFIG__PRODUCT_TOPIC", "prod.product"),
        ("SERVICE__KAFKA_CONFIG__CLIENT_ID", "shop"),
        ("SERVICE__KAFKA_CONFIG__LOG_KEYS", "false"),
        ("SERVICE__KAFKA_CONFIG__PRODUCER__LINGER_MS", "25"),
        ("SERVICE__KAFKA_CONFIG__PRODUCER__SOCKET_KEEPALIVE_ENABLE", "false"),
        ("SERVICE__KAFKA_CONFIG__PRODUCER__COMPRESSION_TYPE", "gzip"),
        ("SERVICE__KAFKA_CONFIG__PROPERTIES__SOCKET__TIMEOUT__MS", "5000"),
    ])
    .expect("a valid environment");
    assert_eq!(config.bootstrap_servers, "kafka-1:9092,kafka-2:9092");
    assert_eq!(config.product_topic, "prod.product");
    assert_eq!(config.order_topic, "int.order-update.event", "an unset key keeps its default");
    assert_eq!(config.client_id, "shop");
    assert!(!config.log_keys);
    assert_eq!(config.producer.linger_ms, 25);
    assert!(!config.producer.socket_keepalive_enable);
    assert_eq!(config.producer.compression_type, Compression::Gzip);
    assert_eq!(config.properties["socket.timeout.ms"], "5000");
}

#[test]
fn environment_variables_with_try_parsing() {
    let variables = HashMap::from([
        ("SERVICE__KAFKA_CONFIG__PRODUCER__LINGER_MS".to_owned(), "25".to_owned()),
        ("SERVICE__KAFKA_CONFIG__SECURITY__SASL_PASSWORD".to_owned(), "12345".to_owned()),
    ]);
    let environment =
        Environment::with_prefix("SERVICE").prefix_separator("__").separator("__").try_parsing(true);
    let config = read(Config::builder().add_source(environment.source(Some(variables)))).expect("valid");
    assert_eq!(config.producer.linger_ms, 25);
    assert_eq!(
        config.security.sasl_password.as_deref(),
        Some("12345"),
        "a password of digits stays a string"
    );
}

const TOML: &str = r#"
[kafka_config]
bootstrap_servers = "kafka:9092"
product_topic = "a.b"
producer.linger_ms = 7
producer.batch_size = "1000"
producer.preset = "throughput"
security.protocol = "SASL_PLAINTEXT"
security.sasl_mechanism = "PLAIN"
security.sasl_username = "app"
security.sasl_password = "hunter2"
properties."socket.timeout.ms" = 5000
properties."sasl.oauthbearer.client.secret" = "hunter2"
"#;

#[test]
fn toml_keys_override_the_preset() {
    let config = from_file(TOML, FileFormat::Toml).expect("valid TOML");
    assert_eq!(config.product_topic, "a.b");
    assert_eq!(config.producer.linger_ms, 7, "a key overrides the preset, also if it comes first");
    assert_eq!(config.producer.batch_size, 1000, "a number as a string");
    assert_eq!(config.producer.max_in_flight_requests_per_connection, 5, "from the preset");
    assert_eq!(config.security.protocol, SecurityProtocol::SaslPlaintext);
    assert_eq!(config.properties["socket.timeout.ms"], "5000");
}

#[test]
fn json() {
    let text = r#"{"kafka_config": {"order_topic": "o", "producer": {"retries": 9, "allow_auto_create_topics": true}}}"#;
    let config = from_file(text, FileFormat::Json).expect("valid JSON");
    assert_eq!(config.order_topic, "o");
    assert_eq!(config.producer.retries, 9);
    assert!(config.producer.allow_auto_create_topics);
    let direct: KafkaConfig<Topics> =
        serde_json::from_str(r#"{"producer": {"linger_ms": "3"}}"#).expect("valid");
    assert_eq!(direct.producer.linger_ms, 3, "also without the config crate");
}

#[test]
fn the_examples_in_the_security_docs_are_valid() {
    let source = include_str!("../../runtime/src/kafka/config/security.rs");
    let docs: Vec<&str> = source.lines().filter_map(|line| line.trim().strip_prefix("///")).collect();
    let docs = docs.join("\n");
    let examples = docs.split("```toml").skip(1).filter_map(|rest| rest.split("```").next());
    let mechanisms = examples.map(|example| {
        let config = from_file(&format!("[kafka_config]\n{example}"), FileFormat::Toml).expect(example);
        config.security.sasl_mechanism.map(|mechanism| mechanism.to_string())
    });
    let mechanisms: Vec<_> = mechanisms.collect();
    let expected = [Some("SCRAM-SHA-512"), Some("PLAIN"), None, Some("OAUTHBEARER"), Some("GSSAPI")];
    assert_eq!(mechanisms, expected.map(|mechanism| mechanism.map(str::to_owned)));
}

#[test]
fn debug_shows_no_secret() {
    let config = from_file(TOML, FileFormat::Toml).expect("valid TOML");
    let shown = format!("{config:?} {config:#?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("sasl_username: Some(\"app\")"), "{shown}");
}

#[test]
fn errors_name_the_key_and_the_remedy() {
    let rows = [
        ("prodct_topic = \"x\"", "unknown key `prodct_topic`; did you mean `product_topic`?"),
        ("payment_topic = \"x\"", "or is its entity missing from `#[topics(..)]`?"),
        (
            "invoice = \"x\"",
            "unknown key `invoice`; expected one of `bootstrap_servers`, `client_id`, `topic_prefix`, `producer`, `security`, `outbox`",
        ),
        ("LOG_KEY = false", "unknown key `LOG_KEY`; did you mean `log_keys`?"),
        ("log_keys = \"never\"", "invalid value for `log_keys`: expected `true` or `false`, found `never`"),
        ("producer.lingr_ms = 5", "unknown key `producer.lingr_ms`; did you mean `producer.linger_ms`?"),
        ("producer.lz4 = 5", "unknown key `producer.lz4`; expected one of `producer.retries`, `producer."),
        ("producer.linger = 5", "unknown key `producer.linger`; did you mean `producer.linger_ms`?"),
        (
            "producer.linger_ms = \"soon\"",
            "invalid value for `producer.linger_ms`: expected an integer from 0 to 4294967295, found `soon`",
        ),
        (
            "producer.linger_ms = -1",
            "invalid value for `producer.linger_ms`: expected an integer from 0 to 4294967295, found `-1`",
        ),
        ("producer.linger_ms = [1]", "invalid value for `producer.linger_ms`: expected an integer"),
        (
            "producer.socket_keepalive_enable = \"maybe\"",
            "invalid value for `producer.socket_keepalive_enable`: expected `true` or `false`",
        ),
        (
            "producer.compression_type = \"rar\"",
            "expected `none`, `gzip`, `snappy`, `lz4` or `zstd`, found `rar`",
        ),
        ("producer.partitioner = \"random\"", "`producer.partitioner`: expected `murmur2_random`"),
        ("producer.preset = \"fast\"", "expected `default`, `throughput` or `low_latency`, found `fast`"),
        ("producer.acks = 1", "`producer.acks` is always `all`"),
        ("producer.enable_idempotence = false", "`producer.enable_idempotence` is always `true`"),
        ("security.protocol = \"TLS\"", "`security.protocol`: expected `PLAINTEXT`, `SSL`"),
        ("security.sasl_mechanism = \"MD5\"", "`security.sasl_mechanism`: expected `PLAIN`"),
        (
            "security.password = \"x\"",
            "unknown key `security.password`; did you mean `security.sasl_password`?",
        ),
        ("outbox.lease = 5", "unknown key `outbox.lease`; did you mean `outbox.lease_ms`?"),
        ("outbox.retries = 5", "unknown key `outbox.retries`; expected one of `outbox.lease_ms`, `outbox."),
        ("outbox.lease_ms = \"long\"", "invalid value for `outbox.lease_ms`: expected an integer"),
        (
            "outbox.on_permanent = \"drop\"",
            "`outbox.on_permanent`: expected `block_key` or `park`, found `drop`",
        ),
        ("outbox = true", "a table of outbox settings"),
        ("properties = 5", "`properties`: expected a table of librdkafka properties"),
    ];
    for (line, expected) in rows {
        let error = from_file(&format!("[kafka_config]\n{line}"), FileFormat::Toml).expect_err(line);
        assert!(error.contains(expected), "{line}\n  gives    {error}\n  expected {expected}");
    }
}

#[tokio::test]
async fn outbox_settings_that_cannot_work_together_are_refused_at_the_start() {
    let pool = entity_events::outbox::sqlx::SqlitePool::connect_lazy("sqlite::memory:").expect("a pool");
    let rows = [
        (
            "lease_ms = 13_499",
            "`outbox.lease_ms`: 13499 ms is too short for `outbox.delivery_timeout_ms` (9000 ms)",
        ),
        ("delivery_timeout_ms = 0", "`outbox.delivery_timeout_ms`: must not be 0"),
        ("poll_interval_ms = 0", "`outbox.poll_interval_ms`: must not be 0"),
        ("max_in_flight_per_key = 0", "`outbox.max_in_flight_per_key`: must not be 0"),
        ("batch_size = 100_001", "`outbox.batch_size`: 100001 is too much"),
        ("max_rows = 100", "`outbox.max_rows`: 100 is less than `outbox.batch_size` (2000)"),
    ];
    for (line, expected) in rows {
        let config = from_file(&format!("[kafka_config.outbox]\n{line}"), FileFormat::Toml).expect(line);
        let outbox = SqliteOutbox::new(pool.clone(), &config);
        let error = OutboxRelay::builder(&outbox, &config).start().await.expect_err(line).to_string();
        assert!(error.contains(expected), "{line}\n  gives    {error}\n  expected {expected}");
    }
    let config =
        from_file("[kafka_config.outbox]\nlease_ms = 13_500", FileFormat::Toml).expect("a configuration");
    let outbox = SqliteOutbox::new(pool, &config);
    let error = OutboxRelay::builder(&outbox, &config).start().await.expect_err("no tables").to_string();
    assert!(error.contains("tables of the outbox"), "the configuration is fine: {error}");
}
