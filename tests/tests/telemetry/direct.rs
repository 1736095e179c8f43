//! The direct lane.

use std::time::Duration;

use entity_events::{Event as _, Publish};
use entity_events_tests::kafka::Kafka;
use entity_events_tests::nowhere::BlackHole;
use entity_events_tests::tick::{Config, Service, deletion, tick};
use opentelemetry::trace::SpanKind;
use tracing::Instrument as _;

use crate::capture::{Span, attributes, config, header, install, named, spans};

#[tokio::test(flavor = "multi_thread")]
async fn a_record_carries_the_context_of_its_send_span() {
    let (kafka, topic) = (Kafka::shared(), "telemetry.direct");
    let config = config(kafka, topic).await;
    let service = Service::new(&config).expect("a service");
    let event = tick(7, 1);
    let (id, correlation_id) = (event.id(), event.metadata().correlation_id);
    service.publish(event).instrument(tracing::info_span!("a request")).await.expect("published");
    // Its spans know the cluster.
    service.emit(tick(7, 2)).instrument(tracing::info_span!("another request")).await;
    service.flush(Duration::from_secs(30)).await.expect("flushed");

    let records = kafka.read_all(topic).await;
    let [first, second] = records.as_slice() else { panic!("two records: {records:?}") };
    let spans = spans(topic, 2).await;
    let (request, other) = (named("a request").await, named("another request").await);
    for (span, record) in spans.iter().zip([first, second]) {
        assert_eq!((span.name(), span.kind()), (format!("send {topic}").as_str(), SpanKind::Producer));
        assert_eq!(header(record, "traceparent"), Some(span.traceparent().as_str()));
        assert_eq!(header(record, "tracestate"), None, "there is none");
        assert!(span.is_unset() && span.links().is_empty());
    }
    assert_eq!(spans[0].parent(), Some(request.id()));
    assert_eq!(spans[1].parent(), Some(other.id()), "also without waiting");
    let (address, port) = kafka.bootstrap_servers().split_once(':').unwrap_or_default();
    let one_server = !port.contains(',');
    let mut expected = attributes([
        ("messaging.system", "kafka".to_owned()),
        ("messaging.operation.name", "send".to_owned()),
        ("messaging.operation.type", "send".to_owned()),
        ("messaging.destination.name", topic.to_owned()),
        ("messaging.destination.partition.id", first.partition.to_string()),
        ("messaging.kafka.offset", format!("{}_i64", first.offset)),
        ("messaging.kafka.message.key", "7".to_owned()),
        ("messaging.client.id", "tests".to_owned()),
        ("messaging.message.id", id.to_string()),
        ("messaging.message.conversation_id", correlation_id.to_string()),
        ("cloudevents.event_type", "TickCreated".to_owned()),
    ]);
    if one_server {
        expected.insert("server.address".to_owned(), address.to_owned());
        expected.insert("server.port".to_owned(), format!("{port}_i64"));
    }
    assert_eq!(spans[0].attributes(), expected);
    let cluster = spans[1].attributes().remove("messaging.kafka.cluster.id");
    assert!(cluster.is_some_and(|id| !id.is_empty()), "known after the first acknowledgement");
    let _ = service.close(Duration::from_secs(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tombstone_has_a_span_of_its_own() {
    let (kafka, topic) = (Kafka::shared(), "telemetry.tombstone");
    let service = Service::new(&config(kafka, topic).await).expect("a service");
    service.publish(deletion(1)).await.expect("published");
    let records = kafka.read_all(topic).await;
    let spans = spans(topic, 2).await;
    let tombstones = spans.iter().map(|span| span.attributes().remove("messaging.kafka.message.tombstone"));
    assert_eq!(tombstones.collect::<Vec<_>>(), [None, Some("true_bool".to_owned())]);
    for (span, record) in spans.iter().zip(&records) {
        assert_eq!(header(record, "traceparent"), Some(span.traceparent().as_str()));
        assert_eq!(
            header(record, "ce_id"),
            span.attributes().get("messaging.message.id").map(String::as_str)
        );
        assert_eq!(span.parent(), None, "no span was current");
    }
    let _ = service.close(Duration::from_secs(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_named_as_kafka_names_them() {
    install();
    let nowhere = BlackHole::open();
    let mut config = Config::new(nowhere.address());
    "telemetry.timed-out".clone_into(&mut config.tick_topic);
    config.producer.delivery_timeout_ms = 1_000;
    config.log_keys = false;
    let service = Service::new(&config).expect("a service");
    service.publish(tick(1, 1)).await.expect_err("nobody answers");
    let _ = service.close(Duration::ZERO).await;
    service.publish(tick(1, 2)).await.expect_err("closed");
    let spans = spans("telemetry.timed-out", 2).await;
    let types = spans.iter().map(|span| span.attributes().remove("error.type").unwrap_or_default());
    assert_eq!(types.collect::<Vec<_>>(), ["LOCAL_MESSAGE_TIMED_OUT", "_OTHER"]);
    assert!(spans.iter().all(Span::is_error));
    let key = |span: &Span| span.attributes().remove("messaging.kafka.message.key");
    assert!(spans.iter().all(|span| key(span).is_none()), "`log_keys` is off");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_broker_refuses_has_its_name_for_it() {
    let (kafka, topic) = (Kafka::shared(), "telemetry.refused");
    let config = config(kafka, topic).await;
    kafka.configure_topic(topic, &[("max.message.bytes", "300")]).await;
    let service = Service::new(&config).expect("a service");
    service.publish(tick(1, 1)).await.expect_err("too large");
    let spans = spans(topic, 1).await;
    let error_type = spans[0].attributes().remove("error.type");
    assert_eq!(error_type.as_deref(), Some("MESSAGE_TOO_LARGE"));
    assert!(spans[0].is_error());
    let _ = service.close(Duration::from_secs(10)).await;
}
