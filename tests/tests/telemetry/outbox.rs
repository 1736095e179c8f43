//! Through the outbox.

use std::time::Duration;

use entity_events::outbox::{OutboxRelay, PgOutbox};
use entity_events::telemetry::{TraceContext, trace_context_of};
use entity_events::{Event as _, Publish};
use entity_events_tests::kafka::Kafka;
use entity_events_tests::postgres::Postgres;
use entity_events_tests::tick::{deletion, tick};
use opentelemetry::trace::SpanKind;
use tracing::Instrument as _;

use crate::capture::{attributes, config, header, named, spans};

#[tokio::test(flavor = "multi_thread")]
async fn a_record_carries_the_context_of_its_create_span_and_the_relay_links_to_it() {
    let (kafka, topic) = (Kafka::shared(), "telemetry.outbox");
    let (config, pool) = (config(kafka, topic).await, Postgres::shared().pool().await);
    let outbox = PgOutbox::new(pool.clone(), &config);

    let (collected, direct) = (tick(1, 1), tick(1, 2));
    let ids = [collected.id(), direct.id()];
    let correlation_id = collected.metadata().correlation_id;
    let request = tracing::info_span!("a request that commits");
    async {
        let events = outbox.collect();
        events.publish(collected).await.expect("collected");
        outbox.commit(pool.begin().await.expect("a transaction"), events).await.expect("committed");
        let mut tx = pool.begin().await.expect("a transaction");
        outbox.in_transaction(&mut tx).publish(direct).await.expect("inserted");
        tx.commit().await.expect("committed");
    }
    .instrument(request)
    .await;
    let created = spans(topic, 2).await;
    let parent = named("a request that commits").await.id();
    for (span, id) in created.iter().zip(ids) {
        assert_eq!((span.name(), span.kind()), (format!("create {topic}").as_str(), SpanKind::Producer));
        assert_eq!(span.parent(), Some(parent));
        let mut found = span.attributes();
        found.remove("server.address");
        found.remove("server.port");
        let expected = attributes([
            ("messaging.system", "kafka".to_owned()),
            ("messaging.operation.name", "create".to_owned()),
            ("messaging.operation.type", "create".to_owned()),
            ("messaging.destination.name", topic.to_owned()),
            ("messaging.kafka.message.key", "1".to_owned()),
            ("messaging.message.id", id.to_string()),
            ("messaging.message.conversation_id", correlation_id.to_string()),
            ("cloudevents.event_type", "TickCreated".to_owned()),
        ]);
        assert_eq!(found, expected);
    }

    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    let all = spans(topic, 4).await;
    let report = relay.close(Duration::from_secs(10)).await;
    assert_eq!(report.delivered, 2);
    let records = kafka.read_all(topic).await;
    let sent = all.iter().filter(|span| span.kind() == SpanKind::Client).collect::<Vec<_>>();
    assert_eq!((records.len(), sent.len()), (2, 2));
    for (created, record) in created.iter().zip(&records) {
        let id = header(record, "ce_id").expect("an id");
        let is_its = |span: &&&crate::capture::Span| {
            span.attributes().get("messaging.message.id").is_some_and(|of| of == id)
        };
        let span = sent.iter().find(is_its).expect("its span");
        assert_eq!(header(record, "traceparent"), Some(created.traceparent().as_str()), "not the relay's");
        assert_eq!((span.name(), span.parent()), (format!("send {topic}").as_str(), None));
        assert_eq!(span.links(), [created.traceparent()]);
        let mut found = span.attributes();
        for name in ["server.address", "server.port", "messaging.kafka.cluster.id"] {
            found.remove(name);
        }
        let expected = attributes([
            ("messaging.system", "kafka".to_owned()),
            ("messaging.operation.name", "send".to_owned()),
            ("messaging.operation.type", "send".to_owned()),
            ("messaging.destination.name", topic.to_owned()),
            ("messaging.destination.partition.id", record.partition.to_string()),
            ("messaging.kafka.offset", format!("{}_i64", record.offset)),
            ("messaging.kafka.message.key", "1".to_owned()),
            ("messaging.client.id", "tests".to_owned()),
            ("messaging.message.id", id.to_owned()),
        ]);
        assert_eq!(found, expected);
        assert!(span.is_unset());

        // What a consumer reads.
        let headers = record.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let context = trace_context_of(headers).expect("a context");
        assert_eq!(Some(context), TraceContext::new(&created.traceparent(), ""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_without_a_context_and_tombstones_are_sent_in_spans_of_their_own() {
    let (kafka, topic) = (Kafka::shared(), "telemetry.outbox.tombstone");
    let (config, pool) = (config(kafka, topic).await, Postgres::shared().pool().await);
    let outbox = PgOutbox::new(pool.clone(), &config);
    let events = outbox.collect();
    events.publish(deletion(1)).await.expect("collected");
    outbox.commit(pool.begin().await.expect("a transaction"), events).await.expect("committed");
    entity_events::outbox::sqlx::query(
        "INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload, topic) \
         VALUES (gen_random_uuid(), 'tick', '2', 'TickCreated', '{}', $1)",
    )
    .bind(topic)
    .execute(&pool)
    .await
    .expect("a row by hand");
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    let spans = spans(topic, 5).await;
    let sent: Vec<_> = spans.iter().filter(|span| span.kind() == SpanKind::Client).collect();
    let tombstones =
        sent.iter().filter(|span| span.attributes().contains_key("messaging.kafka.message.tombstone"));
    assert_eq!((sent.len(), tombstones.count()), (3, 1));
    assert_eq!(sent.iter().filter(|span| span.links().is_empty()).count(), 1, "the row by hand");
    let _ = relay.close(Duration::from_secs(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_cannot_be_written_ends_its_span_with_an_error() {
    let (kafka, topic) = (Kafka::shared(), "telemetry.outbox.refused");
    let (mut config, pool) = (config(kafka, topic).await, Postgres::shared().pool().await);
    config.producer.message_max_bytes = 1_000;
    let outbox = PgOutbox::new(pool.clone(), &config);
    let mut tx = pool.begin().await.expect("a transaction");
    entity_events::outbox::sqlx::raw_sql("DROP TABLE outbox_event").execute(&mut *tx).await.expect("dropped");
    outbox.in_transaction(&mut tx).publish(tick(1, 1)).await.expect_err("no table");
    let spans = spans(topic, 1).await;
    assert!(spans[0].is_error(), "{spans:?}");
    assert_eq!(spans[0].attributes().remove("error.type").as_deref(), Some("_OTHER"));
}
