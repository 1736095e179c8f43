//! A refused login is reported in `health()`, and once in the log: what is wrong, at which broker, and what to do.

use entity_events_tests::kafka::{Kafka, Listener};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::watched::Watched;

/// A login that fails on either side, and the expected parts of the message, the cause first.
struct Row {
    what: &'static str,
    listener: Listener,
    security: Value,
    token: Option<&'static str>,
    expected: &'static [&'static str],
}

impl Row {
    fn new(
        what: &'static str,
        listener: Listener,
        security: Value,
        expected: &'static [&'static str],
    ) -> Self {
        Self { what, listener, security, token: None, expected }
    }
}

const CORRECT_THE_USER: &str = "correct `security.sasl_username` and `security.sasl_password`";
const CORRECT_THE_CERTIFICATE: &str = "set `security.ssl_certificate_location` to a valid one";

fn rows(kafka: &Kafka) -> Vec<Row> {
    let (ca, expired) = (kafka.pem("ca.pem"), kafka.pem("client-expired.pem"));
    let tls = json!({"protocol": "SSL", "ssl_ca_location": ca});
    let mut with_expired = tls.clone();
    with_expired["ssl_certificate_location"] = json!(expired);
    with_expired["ssl_key_location"] = json!(expired);
    let user = |protocol: &str, mechanism: &str, password: &str| {
        json!({
            "protocol": protocol,
            "sasl_mechanism": mechanism,
            "sasl_username": "app",
            "sasl_password": password,
        })
    };
    let mut scram = user("SASL_SSL", "SCRAM-SHA-512", "wrong");
    scram["ssl_ca_location"] = json!(ca);
    let mut plain = user("SASL_SSL", "PLAIN", "app-secret");
    plain["ssl_ca_location"] = json!(ca);
    let oauth = json!({"protocol": "SASL_SSL", "sasl_mechanism": "OAUTHBEARER", "ssl_ca_location": ca});
    vec![
        Row::new("a wrong password", Listener::Scram, scram, &["invalid credentials", CORRECT_THE_USER]),
        Row::new(
            "a wrong password with PLAIN",
            Listener::Plain,
            user("SASL_PLAINTEXT", "PLAIN", "wrong"),
            &["Invalid username or password", CORRECT_THE_USER],
        ),
        Row::new(
            "a mechanism that the broker does not have",
            Listener::Scram,
            plain,
            &["SCRAM-SHA-512", "set `security.sasl_mechanism` to one that the broker supports"],
        ),
        Row::new(
            "a broker with an expired certificate",
            Listener::Expired,
            tls.clone(),
            &[" expired on ", "the certificate of `", "; renew it"],
        ),
        Row::new(
            "a broker with the certificate of another host",
            Listener::Elsewhere,
            tls.clone(),
            &["is for `elsewhere.example`, not for `localhost`", "connect to a host in the certificate"],
        ),
        Row::new(
            "a missing certificate authority",
            Listener::Scram,
            user("SASL_SSL", "SCRAM-SHA-512", "app-secret"),
            &["is signed by `CN=test-ca`", "`security.ssl_ca_location`", "add that authority's certificate"],
        ),
        Row::new(
            "no client certificate although one is required",
            Listener::Mutual,
            tls,
            &["alert bad certificate", CORRECT_THE_CERTIFICATE],
        ),
        Row::new(
            "an expired client certificate",
            Listener::Mutual,
            with_expired,
            &["alert certificate", CORRECT_THE_CERTIFICATE],
        ),
        Row {
            token: Some("rubbish"),
            ..Row::new(
                "a token that the broker does not accept",
                Listener::Oauth,
                oauth,
                &["invalid_token", "or the token of `oauth_token`"],
            )
        },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_is_reported_once_with_cause_broker_and_remedy() {
    let kafka = Kafka::shared();
    let mut services = JoinSet::new();
    for row in rows(kafka) {
        let servers = kafka.servers(row.listener);
        // A login takes a second on a loaded machine, and an event that times out before it would be another alarm. Ten
        // seconds are enough for a dozen tries.
        let task = json!({
            "config": {
                "bootstrap_servers": servers,
                "producer": {"delivery_timeout_ms": 10_000, "max_block_ms": 10_000},
                "security": row.security,
            },
            "author": "ada",
            "text": "text",
            "token": row.token,
            "watch": 10,
        });
        services.spawn(async move { check(&row, &servers, &Watched::run(task).await) });
    }
    services.join_all().await;
}

fn check(row: &Row, servers: &str, watched: &Watched) {
    let (what, health) = (row.what, watched.health());
    for part in row.expected {
        assert!(health.contains(part), "{what}: `{part}` is not in `{health}`");
    }
    assert!(servers.split(',').any(|broker| health.contains(broker)), "{what}: no broker in `{health}`");
    assert!(watched.shown.contains("live: true, ready: false"), "{what}: {}", watched.shown);

    let alarms = watched.alarms();
    assert_eq!(alarms.len(), 1, "{what}: not exactly one alarm:\n{}", alarms.join("\n"));
    for part in row.expected.iter().chain(&[" ERROR "]) {
        assert!(alarms[0].contains(part), "{what}: `{part}` is not in `{}`", alarms[0]);
    }
}
