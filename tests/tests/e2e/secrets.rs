//! Secrets and content reach only the broker: they carry a mark, which must not be in anything that the service writes.

use std::fs;

use entity_events_tests::kafka::{Kafka, Listener};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::watched::Watched;

/// Part of every secret except a valid key, and of the content of the events.
const MARK: &str = "MARKED";

const MARKED_KEY: &str = "-----BEGIN PRIVATE KEY-----\nMARKED";

const REFUSED: &str = "refused configuration: `";

struct Run {
    what: &'static str,
    config: Value,
    token: Option<String>,
    /// Output that proves that the run got far enough.
    reached: &'static str,
}

impl Run {
    fn new(what: &'static str, config: Value, reached: &'static str) -> Self {
        Self { what, config, token: None, reached }
    }
}

fn key(kafka: &Kafka) -> String {
    fs::read_to_string(kafka.pem("client.key")).expect("a key")
}

fn config(kafka: &Kafka, listener: Listener, security: Value, properties: Value) -> Value {
    let mut config = json!({
        "bootstrap_servers": kafka.servers(listener),
        "producer": {"delivery_timeout_ms": 2_000, "max_block_ms": 1_000},
    });
    config["security"] = security;
    config["properties"] = properties;
    // Everything that librdkafka can log, and statistics.
    config["properties"]["debug"] = json!("all");
    config["properties"]["statistics.interval.ms"] = json!("500");
    config
}

/// Passwords and keys in the typed settings.
fn by_settings(kafka: &Kafka) -> Vec<Run> {
    let ca = kafka.pem("ca.pem");
    let password = |mechanism: &str| {
        let security = json!({
            "protocol": "SASL_SSL",
            "sasl_mechanism": mechanism,
            "sasl_username": "app",
            "sasl_password": format!("{MARK}-password"),
            "ssl_ca_location": ca,
        });
        config(kafka, Listener::Scram, security, json!({}))
    };
    let certificate = fs::read_to_string(kafka.pem("client.crt")).expect("a certificate");
    let mutual = |key: &str| {
        let security = json!({
            "protocol": "SSL",
            "ssl_ca_location": ca,
            "ssl_certificate_pem": certificate,
            "ssl_key_pem": key,
            "ssl_key_password": format!("{MARK}-key-password"),
        });
        config(kafka, Listener::Mutual, security, json!({}))
    };
    let nested = json!({"security": {"sasl_password": {"a": format!("{MARK}-nested")}}});
    vec![
        Run::new("events that arrive", mutual(&key(kafka)), "published"),
        Run::new("a password by SCRAM", password("SCRAM-SHA-512"), "invalid credentials"),
        Run::new("a password by PLAIN", password("PLAIN"), "mechanism"),
        Run::new("an invalid key", mutual(MARKED_KEY), REFUSED),
        Run::new(
            "a secret in an unexpected table",
            nested,
            "no such configuration: invalid value for `security.sasl_password`",
        ),
    ]
}

/// Secrets in raw properties.
fn by_properties(kafka: &Kafka) -> Vec<Run> {
    let ca = kafka.pem("ca.pem");
    let scram = json!({
        "protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_username": "app",
        "ssl_ca_location": ca,
    });
    let password = json!({"sasl.password": format!("{MARK}-password")});
    let password = config(kafka, Listener::Scram, scram, password);
    let mutual = |properties| {
        let security = json!({"protocol": "SSL", "ssl_ca_location": ca});
        config(kafka, Listener::Mutual, security, properties)
    };
    let certificate = fs::read_to_string(kafka.pem("client.crt")).expect("a certificate");
    let key = mutual(json!({"ssl.key.pem": MARKED_KEY, "ssl.certificate.pem": certificate}));
    let store = json!({"ssl.keystore.location": kafka.pem("none.p12"), "ssl.keystore.password": MARK});
    let oauth = |name: &str| {
        let mut security = json!({"protocol": "SASL_SSL", "sasl_mechanism": "OAUTHBEARER"});
        security["ssl_ca_location"] = json!(ca);
        config(kafka, Listener::Oauth, security, json!({ name: format!("{MARK}-property") }))
    };
    vec![
        Run::new("a password by property", password, "invalid credentials"),
        Run::new("a key by property", key, REFUSED),
        Run::new("a key store's password", mutual(store), REFUSED),
        Run::new("a client's secret", oauth("sasl.oauthbearer.client.credentials.client.secret"), REFUSED),
        Run::new("a passphrase", oauth("sasl.oauthbearer.assertion.private.key.passphrase"), REFUSED),
        Run::new("a token's settings", oauth("sasl.oauthbearer.config"), REFUSED),
    ]
}

fn by_token(kafka: &Kafka) -> Vec<Run> {
    let run = |what, token, reached| {
        let mut security = json!({"protocol": "SASL_SSL", "sasl_mechanism": "OAUTHBEARER"});
        security["ssl_ca_location"] = json!(kafka.pem("ca.pem"));
        let token = Some(format!("{MARK}-{token}"));
        Run { token, ..Run::new(what, config(kafka, Listener::Oauth, security, json!({})), reached) }
    };
    vec![
        run("a token that is refused", "token", "invalid_token"),
        run("a token that cannot be sent", "tökén", "visible ASCII"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_and_debug_output_contain_no_secret_or_content() {
    let kafka = Kafka::shared();
    kafka.create_topic("secrets", 1, &[]).await;
    // A valid key cannot carry the mark, so one of its lines is searched for instead.
    let line = key(kafka).lines().nth(1).expect("a key of some lines").to_owned();
    let mut services = JoinSet::new();
    let runs = [by_settings(kafka), by_properties(kafka), by_token(kafka)];
    for Run { what, mut config, token, reached } in runs.into_iter().flatten() {
        config["note_topic"] = json!("secrets");
        let task = json!({
            "config": config,
            "author": format!("{MARK}-header"),
            "text": format!("{MARK}-payload"),
            "token": token,
            "watch": 1,
        });
        let line = line.clone();
        services.spawn(async move {
            let watched = Watched::run(task).await;
            let lines = || watched.shown.lines().chain(watched.log.lines());
            let leaks: Vec<&str> =
                lines().filter(|shown| shown.contains(MARK) || shown.contains(&line)).collect();
            assert!(leaks.is_empty(), "{what} is shown:\n{}", leaks.join("\n"));
            let got_there = lines().any(|line| line.contains(reached));
            assert!(got_there, "{what} did not reach `{reached}`:\n{}", watched.shown);
        });
    }
    services.join_all().await;
}
