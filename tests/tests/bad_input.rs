//! Everything that a user can get wrong at run time: each mistake gives an error that says what to do; nothing panics,
//! hangs or is silently accepted. (Unknown keys and unreadable values of the configuration are in `config.rs`.)

use std::time::{Duration, Instant};

use entity_events::kafka::{
    Compression, KafkaConfig, KafkaEventService, SaslMechanism, SecurityProtocol, TopicPolicy,
};
use entity_events::testing::{EmbeddedKafka, ProduceError};
use entity_events::{EntityEvents, ErrorKind, Publish};
use entity_events_tests::nowhere::refusing;
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "notes")]
struct Note {
    id: String,
    #[event(header = "x-author")]
    author: String,
    text: Text,
}

/// A text that fails to serialize if it is `unwritable`.
#[derive(Debug, Clone, Deserialize)]
struct Text(String);

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_str() {
            "unwritable" => Err(serde::ser::Error::custom("no such letter")),
            text => serializer.serialize_str(text),
        }
    }
}

type Config = KafkaConfig<NoteTopics>;

fn note(id: &str, author: &str, text: &str) -> NoteEvent {
    let note = Note { id: id.to_owned(), author: author.to_owned(), text: Text(text.to_owned()) };
    NoteEvent::new_created(&note, Uuid::nil())
}

/// A description, the mistake, and parts of the expected error.
type Row = (&'static str, fn(&mut Config), &'static [&'static str]);

fn property(config: &mut Config, name: &str, value: &str) {
    config.properties.insert(name.to_owned(), value.to_owned());
}

const CONFIGURATIONS: &[Row] = &[
    (
        "no address",
        |c| c.bootstrap_servers.clear(),
        &["`bootstrap_servers`: must not be empty", "use `host:port`"],
    ),
    ("no port", |c| c.bootstrap_servers = "kafka".into(), &["`kafka` has no port"]),
    ("no host", |c| c.bootstrap_servers = ":9092".into(), &["`:9092` has an invalid host"]),
    ("a URL", |c| c.bootstrap_servers = "http://kafka:9092".into(), &["is a URL; use `host:port`"]),
    ("port 0", |c| c.bootstrap_servers = "kafka:0".into(), &["invalid port"]),
    (
        "port too large",
        |c| c.bootstrap_servers = "kafka:70000".into(),
        &["invalid port (expected 1 to 65535)"],
    ),
    ("port as a word", |c| c.bootstrap_servers = "kafka:nine".into(), &["invalid port"]),
    ("a trailing comma", |c| c.bootstrap_servers = "kafka:9092,".into(), &["`` has no port"]),
    ("a space for a comma", |c| c.bootstrap_servers = "a:9092 b:9092".into(), &["invalid host"]),
    ("empty client id", |c| c.client_id = " ".into(), &["`client_id`: must not be empty"]),
    ("empty topic", |c| c.note_topic.clear(), &["`note_topic`", "it is empty"]),
    ("a dot as topic", |c| c.note_topic = ".".into(), &["`note_topic`", "`.` or `..`"]),
    ("topic with a space", |c| c.note_topic = "my notes".into(), &["`my notes`", "[a-zA-Z0-9._-]"]),
    ("topic with a NUL", |c| c.note_topic = "a\0b".into(), &["`note_topic`", "[a-zA-Z0-9._-]"]),
    ("topic too long", |c| c.note_topic = "x".repeat(250), &["`note_topic`", "longer than 249 bytes"]),
    (
        "linger beyond the delivery timeout",
        |c| c.producer.linger_ms = 4_000_000_000,
        &["`producer.delivery_timeout_ms`"],
    ),
    (
        "no delivery timeout",
        |c| c.producer.delivery_timeout_ms = 0,
        &["`producer.delivery_timeout_ms`", "wait forever"],
    ),
    (
        "delivery within linger",
        |c| c.producer.delivery_timeout_ms = 5,
        &["`producer.delivery_timeout_ms`", "5 ms"],
    ),
    ("no request in flight", |c| c.producer.max_in_flight_requests_per_connection = 0, &["from 1 to 5"]),
    ("six requests in flight", |c| c.producer.max_in_flight_requests_per_connection = 6, &["from 1 to 5"]),
    ("no retries", |c| c.producer.retries = 0, &["`producer.retries`", "at least 1"]),
    ("no batch", |c| c.producer.batch_size = 0, &["`producer.batch_size`", "1..2147483647"]),
    (
        "no request timeout",
        |c| c.producer.request_timeout_ms = 0,
        &["`producer.request_timeout_ms`", "1..900000"],
    ),
    ("no queue", |c| c.producer.queue_buffering_max_kbytes = 0, &["`producer.queue_buffering_max_kbytes`"]),
    ("tiny messages", |c| c.producer.message_max_bytes = 10, &["`producer.message_max_bytes`", "1000.."]),
    ("zstd not built in", |c| c.producer.compression_type = Compression::Zstd, &["cargo feature `zstd`"]),
    ("acks by property", |c| property(c, "acks", "1"), &["`properties.\"acks\"`", "always `all`"]),
    ("acks by alias", |c| property(c, "request.required.acks", "0"), &["always `all`"]),
    ("idempotence off", |c| property(c, "enable.idempotence", "false"), &["always `true`"]),
    (
        "in flight by alias",
        |c| property(c, "max.in.flight", "100"),
        &["`properties.\"max.in.flight\"`", "from 1 to 5"],
    ),
    (
        "no timeout by alias",
        |c| property(c, "message.timeout.ms", "0"),
        &["`properties.\"message.timeout.ms\"`", "wait forever"],
    ),
    (
        "retries by property",
        |c| property(c, "message.send.max.retries", "0"),
        &["`properties.\"message.send.max.retries\"`", "at least 1"],
    ),
    (
        "a linger by property against a typed timeout",
        |c| property(c, "linger.ms", "500000"),
        &["`producer.delivery_timeout_ms`", "not longer than `properties.\"linger.ms\"` (500000 ms)"],
    ),
    ("a transaction", |c| property(c, "transactional.id", "t"), &["does not use transactions"]),
    ("a gapless guarantee", |c| property(c, "enable.gapless.guarantee", "true"), &["cannot be set here"]),
    (
        "reports of errors only",
        |c| property(c, "delivery.report.only.error", "true"),
        &["never count as published"],
    ),
    (
        "a random partitioner",
        |c| property(c, "partitioner", "random"),
        &["`properties.\"partitioner\"`", "does not keep a key on its partition", "`murmur2_random`"],
    ),
    (
        "a mock cluster",
        |c| property(c, "test.mock.num.brokers", "3"),
        &["`properties.\"test.mock.num.brokers\"`", "use `EmbeddedKafka`"],
    ),
    ("a test hook", |c| property(c, "ut_handle_ProduceResponse", "1"), &["librdkafka's own tests"]),
    (
        "no timeout in hexadecimal",
        |c| property(c, "delivery.timeout.ms", "0x0"),
        &["`properties.\"delivery.timeout.ms\"`", "wait forever"],
    ),
    (
        "in flight in hexadecimal",
        |c| property(c, "max.in.flight.requests.per.connection", "0x64"),
        &["from 1 to 5"],
    ),
    (
        "a queue without a limit",
        |c| property(c, "queue.buffering.max.messages", "0x0"),
        &["`properties.\"queue.buffering.max.messages\"`", "without a limit"],
    ),
    (
        "a typed queue without a limit",
        |c| c.producer.queue_buffering_max_messages = 0,
        &["`producer.queue_buffering_max_messages`", "without a limit"],
    ),
    ("last in first out", |c| property(c, "queuing.strategy", "lifo"), &["keep their order"]),
    (
        "address by property",
        |c| property(c, "metadata.broker.list", "x:1"),
        &["set `bootstrap_servers` instead"],
    ),
    (
        "unknown property",
        |c| property(c, "linger.msec", "5"),
        &["`properties.\"linger.msec\"`", "No such configuration property"],
    ),
    (
        "property of a wrong type",
        |c| property(c, "socket.timeout.ms", "soon"),
        &["`properties.\"socket.timeout.ms\"`"],
    ),
    ("a consumer's property", |c| property(c, "auto.offset.reset", "middle"), &["auto.offset.reset"]),
    (
        "a password without a user",
        |c| {
            c.security.protocol = SecurityProtocol::SaslPlaintext;
            c.security.sasl_mechanism = Some(SaslMechanism::Plain);
            c.security.sasl_password = Some("hunter2".into());
        },
        &["`security.sasl_username`", "`PLAIN` needs a user and a password"],
    ),
    (
        "a user without a password",
        |c| {
            c.security.protocol = SecurityProtocol::SaslPlaintext;
            c.security.sasl_mechanism = Some(SaslMechanism::Plain);
            c.security.sasl_username = Some("app".into());
        },
        &["`security.sasl_password`", "`PLAIN` needs a user and a password"],
    ),
    (
        "Kerberos not built in",
        |c| {
            c.security.protocol = SecurityProtocol::SaslPlaintext;
            c.security.sasl_mechanism = Some(SaslMechanism::Gssapi);
        },
        &["`security.sasl_mechanism`", "cargo feature `gssapi`"],
    ),
    (
        "unsecured tokens by property",
        |c| property(c, "enable.sasl.oauthbearer.unsecure.jwt", "true"),
        &["set `oauth_token` on the service's builder"],
    ),
    #[cfg(not(feature = "real-kafka"))]
    ("TLS not built in", |c| c.security.protocol = SecurityProtocol::Ssl, &["cargo feature `ssl`"]),
    (
        "login without mechanism",
        |c| c.security.protocol = SecurityProtocol::SaslPlaintext,
        &["`security.sasl_mechanism`"],
    ),
    #[cfg(not(feature = "real-kafka"))]
    (
        "OAUTHBEARER not built in",
        |c| {
            c.security.protocol = SecurityProtocol::SaslPlaintext;
            c.security.sasl_mechanism = Some(SaslMechanism::Oauthbearer);
        },
        &["`security.sasl_mechanism`", "cargo feature `ssl`"],
    ),
    #[cfg(not(feature = "real-kafka"))]
    (
        "SCRAM not built in",
        |c| {
            c.security.protocol = SecurityProtocol::SaslPlaintext;
            c.security.sasl_mechanism = Some(SaslMechanism::ScramSha512);
        },
        &["`security.sasl_mechanism`", "cargo feature `ssl`"],
    ),
    (
        "mechanism without login",
        |c| c.security.sasl_mechanism = Some(SaslMechanism::Plain),
        &["has no effect"],
    ),
    (
        "password without login",
        |c| c.security.sasl_password = Some("hunter2".into()),
        &["`security.sasl_password`"],
    ),
    (
        "authority without TLS",
        |c| c.security.ssl_ca_location = Some("ca.pem".into()),
        &["`security.ssl_ca_location`"],
    ),
];

#[tokio::test]
async fn invalid_configurations_are_refused() {
    for (what, spoil, expected) in CONFIGURATIONS {
        let mut config = Config::default();
        spoil(&mut config);
        let error = match KafkaEventService::new(&config) {
            Err(error) => error.to_string(),
            Ok(service) => panic!("{what}: silently accepted as {service:?}"),
        };
        for part in *expected {
            assert!(error.contains(part), "{what}\n  says     {error}\n  expected {part}");
        }
        assert!(!error.contains("hunter2"), "{what}: a secret in {error}");
    }
}

#[tokio::test]
async fn oauth_token_without_oauthbearer_is_refused() {
    let builder = KafkaEventService::builder(&Config::default())
        .oauth_token(|| async { Err("never asked".into()) })
        .build();
    let error = builder.expect_err("`PLAINTEXT` needs no token").to_string();
    assert!(error.contains("`security.sasl_mechanism`: `oauth_token` has no effect"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_events_are_refused() {
    let kafka = EmbeddedKafka::start().await.expect("a Kafka");
    let service = KafkaEventService::new(&kafka.config::<NoteTopics>()).expect("a service");
    let rows = [
        ("an empty key", note("", "ada", "x"), "its partition key is empty"),
        ("only separators as key", note(":", "ada", "x"), "its partition key is empty"),
        (
            "a control character in a header",
            note("1", "ada\n", "x"),
            "header `x-author` contains a control character",
        ),
        ("data that cannot be serialized", note("1", "ada", "unwritable"), "cannot be written as JSON"),
        ("a record too large", note("1", "ada", &"x".repeat(1_000_001)), "too large"),
    ];
    for (what, event, expected) in rows {
        let id = event.event_id;
        let error = service.publish(event.clone()).await.expect_err(what);
        assert!(error.to_string().contains(expected), "{what}: {error}");
        assert_eq!(error.kind(), ErrorKind::Permanent, "{what}");
        assert_eq!(error.unpublished(), [id], "{what}");

        let before = service.stats().lost;
        service.emit(event).await;
        assert_eq!(service.stats().lost, before + 1, "{what}: a refused emit counts as lost");
    }
    let stats = service.stats();
    assert_eq!((stats.delivered, stats.queued), (0, 0));
    service.publish(note("1", "ada", "x")).await.expect("the service still publishes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_stops_at_the_first_refused_event() {
    let kafka = EmbeddedKafka::start().await.expect("a Kafka");
    let service = KafkaEventService::new(&kafka.config::<NoteTopics>()).expect("a service");
    let batch = vec![note("1", "a", "x"), note("", "a", "x"), note("1", "a", "y")];
    let refused: Vec<_> = batch.iter().skip(1).map(|event| event.event_id).collect();
    let error = service.publish_all(batch).await.expect_err("an empty key");
    assert_eq!(error.kind(), ErrorKind::Permanent);
    assert_eq!(error.unpublished(), refused, "the second, and the third because it must not overtake");
    assert_eq!(kafka.consume("int.note-update.event", 1).await.expect("the first").len(), 1);
    assert_eq!(service.stats().delivered, 1);
    service.publish_all(Vec::<NoteEvent>::new()).await.expect("nothing to do");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_service_refuses_events() {
    let kafka = EmbeddedKafka::start().await.expect("a Kafka");
    let service = KafkaEventService::new(&kafka.config::<NoteTopics>()).expect("a service");
    service.publish(note("1", "a", "x")).await.expect("published");
    let report = service.close(Duration::from_secs(5)).await;
    assert_eq!(report.delivered, 1);
    assert_eq!(service.close(Duration::from_secs(5)).await, report, "closing again returns the same report");

    let error = service.publish(note("1", "a", "x")).await.expect_err("closed");
    assert!(error.to_string().contains("the service is closed"), "{error}");
    service.emit(note("1", "a", "x")).await;
    assert_eq!(service.stats().lost, 1, "an emit after closing counts as lost");
    service.flush(Duration::from_secs(1)).await.expect("nothing is queued");
    assert!(!service.health().ready);
    assert_eq!(service.health().reason.as_deref(), Some("the service is closed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_topic_is_a_permanent_error() {
    let kafka = EmbeddedKafka::start().await.expect("a Kafka");
    let mut config = kafka.config::<NoteTopics>();
    config.producer.allow_auto_create_topics = false;
    config.note_topic = "missing".to_owned();
    property(&mut config, "topic.metadata.propagation.max.ms", "500");
    let service = KafkaEventService::new(&config).expect("a service");
    let error = service.publish(note("1", "a", "x")).await.expect_err("no such topic");
    assert_eq!(error.kind(), ErrorKind::Permanent, "{error}");
    assert!(error.to_string().contains("topic `missing`"), "{error}");
    let error = service.ensure_topics(TopicPolicy::Check).await.expect_err("no such topic");
    assert!(error.to_string().contains("topic `missing` does not exist"), "{error}");
    service.ensure_topics(TopicPolicy::External).await.expect("nothing is checked");
}

#[tokio::test(flavor = "multi_thread")]
async fn ensure_topics_lists_every_missing_topic() {
    let kafka = EmbeddedKafka::start().await.expect("a Kafka");
    let mut config = kafka.config::<entity_events_tests::domain::Topics>();
    config.producer.allow_auto_create_topics = false;
    config.topics.product_topic = "missing".to_owned();
    config.topics.order_topic = "gone".to_owned();
    let service = KafkaEventService::new(&config).expect("a service");
    let error = service.ensure_topics(TopicPolicy::Check).await.expect_err("no such topics");
    assert!(error.to_string().contains("topics `gone`, `missing` do not exist"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_broker_is_a_retriable_error() {
    let mut config = Config::new(refusing());
    config.producer.delivery_timeout_ms = 1_000;
    config.producer.max_block_ms = 1_000;
    let service = KafkaEventService::new(&config).expect("no broker is needed to start");
    let start = Instant::now();
    let error = service.publish(note("1", "a", "x")).await.expect_err("no broker");
    assert_eq!(error.kind(), ErrorKind::Retriable, "{error}");
    let text = error.to_string();
    for part in
        [&config.bootstrap_servers, "within 1000 ms (`producer.delivery_timeout_ms`)", "Connection refused"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    let error = service.ensure_topics(TopicPolicy::Check).await.expect_err("no broker");
    assert!(error.to_string().contains("no answer from"), "{error}");
    let health = service.health();
    assert!(health.live && health.ready, "an unreachable broker is no reason to restart");
    assert!(health.reason.is_some_and(|reason| reason.contains("Connection refused")));
    let error = service.flush(Duration::from_secs(1)).await;
    assert!(error.is_ok(), "an event that timed out is no longer queued");
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_loses_emits_and_times_out_publishes() {
    let kafka = EmbeddedKafka::start().await.expect("a Kafka");
    let mut config = kafka.config::<NoteTopics>();
    config.producer.queue_buffering_max_messages = 2;
    config.producer.max_block_ms = 200;
    let service = KafkaEventService::new(&config).expect("a service");
    service.publish(note("1", "a", "x")).await.expect("published");
    kafka.broker_down(1).expect("broker 1");
    // librdkafka frees a record's queue space shortly after its delivery report, and an emit does not wait for it.
    tokio::time::sleep(Duration::from_millis(100)).await;
    for _ in 0..5 {
        service.emit(note("1", "a", "x")).await;
    }
    assert_eq!((service.stats().queued, service.stats().lost), (2, 3));
    let error = service.publish(note("1", "a", "x")).await.expect_err("the queue is full");
    assert_eq!(error.kind(), ErrorKind::Retriable);
    for part in ["the queue is full", "within 200 ms (`producer.max_block_ms`)", &config.bootstrap_servers] {
        assert!(error.to_string().contains(part), "{part} in {error}");
    }
    kafka.broker_up(1).expect("broker 1");
    service.flush(Duration::from_secs(10)).await.expect("delivered");
    assert_eq!(service.stats().delivered, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn broker_errors_are_permanent_or_retried() {
    let kafka = EmbeddedKafka::start().await.expect("a Kafka");
    // A new service for each: librdkafka caches some errors until it refreshes the metadata.
    let service = || KafkaEventService::new(&kafka.config::<NoteTopics>()).expect("a service");
    for code in
        [ProduceError::MessageTooLarge, ProduceError::TopicAuthorizationFailed, ProduceError::PolicyViolation]
    {
        kafka.fail_next_produce(code, 1).expect("a Kafka");
        let error = service().publish(note("1", "a", "x")).await.expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Permanent, "{code:?}: {error}");
        assert!(std::error::Error::source(&error).is_some(), "{code:?}: the source is kept");
    }
    kafka.fail_next_produce(ProduceError::NotEnoughReplicas, 2).expect("a Kafka");
    service().publish(note("1", "a", "x")).await.expect("a transient error is retried");
    kafka.broker_down(9).expect_err("no such broker");
    kafka.consume("int.note-update.event", 1).await.expect("one record");
}
