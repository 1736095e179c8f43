//! Metrics of both lanes: as Prometheus reads them from the crate `metrics`, and as OpenTelemetry exports them.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

use entity_events::Publish;
use entity_events::outbox::{OutboxRelay, PgOutbox};
use entity_events::telemetry::DURATION_BUCKETS;
use entity_events_tests::kafka::Kafka;
use entity_events_tests::nowhere::BlackHole;
use entity_events_tests::postgres::Postgres;
use entity_events_tests::tick::{Config, Service, tick, until};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry::KeyValue;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, Metric, MetricData, ResourceMetrics, ScopeMetrics,
};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};

use crate::capture::config;

struct Systems {
    prometheus: PrometheusHandle,
    provider: SdkMeterProvider,
    exporter: InMemoryMetricExporter,
}

/// Both systems of this process.
fn systems() -> &'static Systems {
    static SYSTEMS: OnceLock<Systems> = OnceLock::new();
    SYSTEMS.get_or_init(|| {
        let prometheus = PrometheusBuilder::new().with_recommended_naming(true);
        let prometheus =
            prometheus.set_buckets_for_metric(Matcher::Suffix("duration".into()), &DURATION_BUCKETS);
        let prometheus = prometheus.expect("buckets").install_recorder().expect("the first");
        let exporter = InMemoryMetricExporter::default();
        let reader = PeriodicReader::builder(exporter.clone()).with_interval(Duration::from_hours(1)).build();
        let provider = SdkMeterProvider::builder().with_reader(reader).build();
        opentelemetry::global::set_meter_provider(provider.clone());
        Systems { prometheus, provider, exporter }
    })
}

/// The values of Prometheus by series.
fn prometheus() -> BTreeMap<String, f64> {
    let text = systems().prometheus.render();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let values = lines.filter_map(|line| line.rsplit_once(' '));
    values.map(|(series, value)| (series.to_owned(), value.parse().expect("a number"))).collect()
}

/// The values of OpenTelemetry by series; of a histogram, the count.
fn opentelemetry() -> BTreeMap<String, f64> {
    systems().provider.force_flush().expect("flushed");
    let exported = systems().exporter.get_finished_metrics().expect("the metrics");
    let metrics =
        exported.last().into_iter().flat_map(ResourceMetrics::scope_metrics).flat_map(ScopeMetrics::metrics);
    metrics.flat_map(values).collect()
}

#[allow(clippy::cast_precision_loss, reason = "small counts")]
fn values(metric: &Metric) -> Vec<(String, f64)> {
    let name = |attributes: &mut dyn Iterator<Item = &KeyValue>| {
        let mut labels: Vec<_> = attributes.map(|label| format!("{}={}", label.key, label.value)).collect();
        labels.sort();
        format!("{} [{}] {}", metric.name(), metric.unit(), labels.join(" "))
    };
    match metric.data() {
        AggregatedMetrics::U64(MetricData::Sum(sum)) => {
            sum.data_points().map(|point| (name(&mut point.attributes()), point.value() as f64)).collect()
        }
        AggregatedMetrics::F64(MetricData::Gauge(gauge)) => {
            gauge.data_points().map(|point| (name(&mut point.attributes()), point.value())).collect()
        }
        AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
            let points = histogram.data_points();
            points
                .map(|point| {
                    assert_eq!(point.bounds().collect::<Vec<_>>(), DURATION_BUCKETS);
                    assert!(point.sum() > 0.0, "{}", metric.name());
                    (name(&mut point.attributes()), point.count() as f64)
                })
                .collect()
        }
        other => panic!("{}: {other:?}", metric.name()),
    }
}

/// Compares the series of a topic with what is expected.
fn assert_series<const N: usize>(found: &BTreeMap<String, f64>, topic: &str, expected: [(String, f64); N]) {
    let label = [format!("\"{topic}\""), format!("={topic} "), format!("={topic}")];
    let is_its =
        |series: &str| label[..2].iter().any(|label| series.contains(label)) || series.ends_with(&label[2]);
    let is_exact = |series: &str| !["_bucket{", "_sum{"].iter().any(|part| series.contains(part));
    let of_topic = found.iter().filter(|(series, _)| is_its(series) && is_exact(series));
    let of_topic: BTreeMap<_, _> = of_topic.map(|(series, value)| (series.clone(), *value)).collect();
    assert_eq!(of_topic, BTreeMap::from(expected), "of {found:#?}");
}

/// One test, since the recorders are installed in the middle of it.
#[tokio::test(flavor = "multi_thread")]
async fn both_lanes_are_measured() {
    direct_lane().await;
    outbox_lane().await;
}

async fn direct_lane() {
    let (kafka, topic) = (Kafka::shared(), "telemetry.metrics.direct");
    let service = Service::new(&config(kafka, topic).await).expect("a service");
    service.publish(tick(1, 1)).await.expect("published");
    // Installed after the first event.
    systems();
    tokio::time::sleep(Duration::from_secs(6)).await;
    for number in 2..5 {
        service.publish(tick(1, number)).await.expect("published");
    }
    let _ = service.close(Duration::from_secs(10)).await;

    let nowhere = BlackHole::open();
    let mut config = Config::new(nowhere.address());
    "telemetry.metrics.lost".clone_into(&mut config.tick_topic);
    config.producer.delivery_timeout_ms = 4_000;
    let service = Service::new(&config).expect("a service");
    service.emit(tick(1, 1)).await;
    service.emit(tick(1, 2)).await;
    until("the queue in the gauge", || prometheus().get("entity_events_queued_messages") == Some(&2.0)).await;
    until("the loss", || service.stats().lost == 2).await;
    let _ = service.close(Duration::ZERO).await;
    until("the empty queue", || prometheus().get("entity_events_queued_messages") == Some(&0.0)).await;

    let labels = |name: &str, topic: &str, more: &str| {
        format!(
            "{name}{{messaging_system=\"kafka\",messaging_operation_name=\"send\",messaging_destination_name=\"{topic}\"{more}}}"
        )
    };
    let (sent, duration) =
        ("messaging_client_sent_messages_total", "messaging_client_operation_duration_seconds_count");
    let (kind, error) = (",messaging_operation_type=\"send\"", ",error_type=\"LOCAL_MESSAGE_TIMED_OUT\"");
    let lost = "telemetry.metrics.lost";
    let found = prometheus();
    assert_series(&found, topic, [(labels(sent, topic, ""), 3.0), (labels(duration, topic, kind), 3.0)]);
    let expected = [
        (labels(sent, lost, error), 2.0),
        (labels(duration, lost, &format!("{error}{kind}")), 2.0),
        (format!("entity_events_lost_messages_total{{messaging_destination_name=\"{lost}\"}}"), 2.0),
    ];
    assert_series(&found, lost, expected);

    let labels = |name: &str, topic: &str, error: &str, more: &str| {
        format!(
            "{name} {error}messaging.destination.name={topic} messaging.operation.name=send{more} messaging.system=kafka"
        )
    };
    let (sent, duration) =
        ("messaging.client.sent.messages [{message}]", "messaging.client.operation.duration [s]");
    let (kind, error) = (" messaging.operation.type=send", "error.type=LOCAL_MESSAGE_TIMED_OUT ");
    let found = opentelemetry();
    assert_series(
        &found,
        topic,
        [(labels(sent, topic, "", ""), 3.0), (labels(duration, topic, "", kind), 3.0)],
    );
    let expected = [
        (labels(sent, lost, error, ""), 2.0),
        (labels(duration, lost, error, kind), 2.0),
        (format!("entity_events.lost.messages [{{message}}] messaging.destination.name={lost}"), 2.0),
    ];
    assert_series(&found, lost, expected);
    assert_eq!(found.get("entity_events.queued.messages [{message}] "), Some(&0.0));
}

async fn outbox_lane() {
    let (kafka, topic) = (Kafka::shared(), "telemetry.metrics.outbox");
    let mut config = config(kafka, topic).await;
    kafka.configure_topic(topic, &[("max.message.bytes", "600")]).await;
    let pool = Postgres::shared().pool().await;
    config.outbox.poll_interval_ms = 100;
    let outbox = PgOutbox::new(pool.clone(), &config);
    let events = outbox.collect();
    for number in 0..3 {
        events.publish(tick(1, number)).await.expect("collected");
    }
    outbox.commit(pool.begin().await.expect("a transaction"), events).await.expect("committed");
    let by_hand = "INSERT INTO outbox_event (id, aggregatetype, aggregateid, type, payload, topic) \
                   VALUES (gen_random_uuid(), 'tick', '2', 'TickCreated', \
                   (SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 60)), $1)";
    entity_events::outbox::sqlx::query(by_hand)
        .bind(topic)
        .execute(&pool)
        .await
        .expect("a row that is too large");
    // What was inserted a minute ago has waited for a minute.
    let age = "UPDATE outbox_event SET created_at = created_at - interval '1 minute'";
    entity_events::outbox::sqlx::query(age).execute(&pool).await.expect("older rows");

    let gauge =
        |name: &str, value: f64| prometheus().get(name).is_some_and(|found| (found - value).abs() < 0.01);
    let relay = OutboxRelay::builder(&outbox, &config).start().await.expect("a relay");
    until("a blocked key", || relay.stats().blocked_keys == 1).await;
    until("the gauges", || {
        gauge("outbox_blocked_keys", 1.0)
            && gauge("outbox_relay_active", 1.0)
            && gauge("outbox_records{outbox_status=\"in_flight\"}", 0.0)
    })
    .await;
    until("the count", || gauge("outbox_records{outbox_status=\"pending\"}", 1.0)).await;
    assert!(prometheus().get("outbox_oldest_age_seconds").is_some_and(|age| *age > 60.0 && *age < 200.0));
    let _ = relay.close(Duration::from_secs(10)).await;
    for name in ["outbox_relay_active", "outbox_blocked_keys", "outbox_oldest_age_seconds"] {
        assert!(gauge(name, 0.0), "a relay that has ended knows nothing: {name}");
    }

    let found = prometheus();
    let attempts = |result: &str| {
        let series = format!(
            "outbox_relay_attempts_total{{messaging_destination_name=\"{topic}\",outbox_result=\"{result}\"}}"
        );
        found.get(&series).copied().unwrap_or_default()
    };
    assert_eq!((attempts("published"), attempts("failed")), (3.0, 1.0), "{found:#?}");
    let sent = format!(
        "messaging_client_sent_messages_total{{messaging_system=\"kafka\",messaging_operation_name=\"send\",messaging_destination_name=\"{topic}\"}}"
    );
    assert_eq!(found.get(&sent), Some(&3.0));
    let lag = |part: &str| {
        found
            .get(&format!("outbox_relay_duration_seconds_{part}{{messaging_destination_name=\"{topic}\"}}"))
            .copied()
    };
    assert_eq!(lag("count"), Some(3.0));
    assert!(lag("sum").is_some_and(|sum| sum > 180.0 && sum < 600.0), "{:?}", lag("sum"));
    let found = opentelemetry();
    let lag = format!("outbox.relay.duration [s] messaging.destination.name={topic}");
    assert_eq!(found.get(&lag), Some(&3.0), "{found:#?}");
    let attempts = format!(
        "outbox.relay.attempts [{{attempt}}] messaging.destination.name={topic} outbox.result=published"
    );
    assert_eq!(found.get(&attempts), Some(&3.0));
    assert_eq!(found.get("outbox.relay.active [{relay}] "), Some(&0.0));
}
