//! Each way to log in, on listeners that require it.

use std::time::Duration;

use chrono::Utc;
use entity_events::Publish;
use entity_events::kafka::{OauthToken, SaslMechanism, SecurityProtocol, SecuritySettings};
use entity_events_tests::domain::{KafkaConfig, KafkaEventService, ProductEvent};
use entity_events_tests::kafka::{Kafka, Listener};
use entity_events_tests::samples::lamp;
use uuid::Uuid;

pub(crate) fn product_event() -> ProductEvent {
    ProductEvent::new_created(&lamp(), "Kitchen".to_owned(), Uuid::new_v4())
}

/// A configuration for a listener, with existing topics.
pub(crate) async fn config(
    kafka: &Kafka,
    name: &str,
    listener: Listener,
    security: SecuritySettings,
) -> KafkaConfig {
    let mut config = kafka.config(name, 1).await;
    config.bootstrap_servers = kafka.servers(listener);
    config.security = security;
    config.producer.delivery_timeout_ms = 30_000;
    config
}

pub(crate) fn with_password(protocol: SecurityProtocol, mechanism: SaslMechanism) -> SecuritySettings {
    let mut security = SecuritySettings::default();
    security.protocol = protocol;
    security.sasl_mechanism = Some(mechanism);
    security.sasl_username = Some("app".to_owned());
    security.sasl_password = Some("app-secret".to_owned());
    security
}

pub(crate) fn tls(kafka: &Kafka) -> SecuritySettings {
    let mut security = SecuritySettings::default();
    security.protocol = SecurityProtocol::Ssl;
    security.ssl_ca_location = Some(kafka.pem("ca.pem"));
    security
}

pub(crate) fn scram(kafka: &Kafka) -> SecuritySettings {
    let mut security = with_password(SecurityProtocol::SaslSsl, SaslMechanism::ScramSha512);
    security.ssl_ca_location = Some(kafka.pem("ca.pem"));
    security
}

pub(crate) fn oauth(kafka: &Kafka) -> SecuritySettings {
    let mut security = tls(kafka);
    security.protocol = SecurityProtocol::SaslSsl;
    security.sasl_mechanism = Some(SaslMechanism::Oauthbearer);
    security
}

/// An unsigned token, which the test brokers accept.
pub(crate) fn token(lifetime: Duration) -> OauthToken {
    let now = Utc::now();
    let expires_at = now + lifetime;
    let header = base64url(r#"{"alg":"none"}"#);
    let claims = format!(r#"{{"sub":"app","iat":{},"exp":{}}}"#, now.timestamp(), expires_at.timestamp());
    OauthToken::new(format!("{header}.{}.", base64url(&claims)), expires_at.into())
}

/// Base64 as in a JWT: URL-safe, without padding.
fn base64url(text: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let encode = |bytes: &[u8]| -> String {
        let bits = bytes.iter().chain([&0; 2]).take(3).fold(0, |bits, &byte| bits << 8 | usize::from(byte));
        (0..=bytes.len()).map(|n| char::from(ALPHABET[bits >> (18 - 6 * n) & 63])).collect()
    };
    text.as_bytes().chunks(3).map(encode).collect()
}

async fn publishes(kafka: &Kafka, config: &KafkaConfig) {
    let service = KafkaEventService::new(config).expect("a service");
    service.publish(product_event()).await.expect("published");
    assert_eq!(kafka.count(&config.product_topic), 1);
    assert_eq!(service.health().reason, None);
}

/// The mistake, and a part of the expected error.
type Row = (fn(&mut SecuritySettings), &'static str);

#[test]
fn incomplete_logins_are_refused_without_connecting() {
    let rows: [Row; 5] = [
        (
            |s| s.ssl_certificate_location = Some("/dev/null".into()),
            "`security.ssl_key_location`: missing; a client certificate",
        ),
        (
            |s| s.ssl_key_pem = Some("k".into()),
            "`security.ssl_certificate_location`: missing; a client's private key",
        ),
        (
            |s| s.ssl_ca_location = Some("/none.pem".into()),
            "`security.ssl_ca_location`: cannot read `/none.pem`: No such file",
        ),
        (
            |s| {
                s.protocol = SecurityProtocol::SaslSsl;
                s.sasl_mechanism = Some(SaslMechanism::Oauthbearer);
            },
            "`security.sasl_mechanism`: `OAUTHBEARER` needs tokens; build the service with `KafkaEventService::builder`",
        ),
        (
            |s| {
                s.protocol = SecurityProtocol::SaslSsl;
                s.sasl_mechanism = Some(SaslMechanism::Oauthbearer);
                s.sasl_username = Some("app".into());
            },
            "`security.sasl_username`: has no effect with this `security.sasl_mechanism`",
        ),
    ];
    for (spoil, expected) in rows {
        let mut config = KafkaConfig::default();
        config.security.protocol = SecurityProtocol::Ssl;
        spoil(&mut config.security);
        let error = KafkaEventService::new(&config).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}\n  does not contain {expected}");
    }
    let mut config = KafkaConfig::default();
    config.security.protocol = SecurityProtocol::SaslSsl;
    config.security.sasl_mechanism = Some(SaslMechanism::Oauthbearer);
    let builder = KafkaEventService::builder(&config).oauth_token(|| async { Ok(token(Duration::ZERO)) });
    let error = builder.build().expect_err("there is no runtime").to_string();
    assert!(error.contains("needs a tokio runtime to run on; build the service within one"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn scram_sha_512_over_tls() {
    let kafka = Kafka::shared();
    publishes(kafka, &config(kafka, "login-scram", Listener::Scram, scram(kafka)).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_without_tls() {
    let kafka = Kafka::shared();
    let security = with_password(SecurityProtocol::SaslPlaintext, SaslMechanism::Plain);
    publishes(kafka, &config(kafka, "login-plain", Listener::Plain, security).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_certificate_from_files_with_an_encrypted_key() {
    let kafka = Kafka::shared();
    let mut security = tls(kafka);
    security.ssl_certificate_location = Some(kafka.pem("client.pem"));
    security.ssl_key_location = Some(kafka.pem("client.pem"));
    security.ssl_key_password = Some("client-secret".to_owned());
    publishes(kafka, &config(kafka, "login-files", Listener::Mutual, security).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_certificate_key_and_ca_as_pem_text() {
    let kafka = Kafka::shared();
    let read = |name| Some(std::fs::read_to_string(kafka.pem(name)).expect("a PEM file"));
    let mut security = tls(kafka);
    security.ssl_ca_location = None;
    security.ssl_ca_pem = read("ca.pem");
    security.ssl_certificate_pem = read("client.crt");
    security.ssl_key_pem = read("client.key");
    publishes(kafka, &config(kafka, "login-pem", Listener::Mutual, security).await).await;
}
