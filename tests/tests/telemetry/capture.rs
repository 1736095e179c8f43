//! What the exporter got.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use entity_events::testing::ConsumedRecord;
use entity_events_tests::kafka::Kafka;
use entity_events_tests::tick::{Config, until};
use opentelemetry::trace::{SpanId, SpanKind, Status, TracerProvider as _};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// The spans of this process. Each test looks for those of its topic.
fn exporter() -> &'static InMemorySpanExporter {
    static EXPORTER: OnceLock<InMemorySpanExporter> = OnceLock::new();
    EXPORTER.get_or_init(|| {
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
        let layer = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("tests"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_target(false)
            .with_level(false);
        tracing_subscriber::registry().with(layer).init();
        exporter
    })
}

/// Installs the exporter.
pub(crate) fn install() {
    exporter();
}

/// Installs the exporter, and returns a configuration with a new topic.
pub(crate) async fn config(kafka: &Kafka, topic: &str) -> Config {
    install();
    kafka.create_topic(topic, 3, &[]).await;
    let mut config = Config::new(kafka.bootstrap_servers());
    topic.clone_into(&mut config.tick_topic);
    "tests".clone_into(&mut config.client_id);
    config
}

/// Waits for `n` spans of a topic, and returns them in the order of their ends.
pub(crate) async fn spans(topic: &str, n: usize) -> Vec<Span> {
    let of_topic = || {
        let spans = exporter().get_finished_spans().expect("the spans");
        let spans = spans.into_iter().map(Span);
        spans
            .filter(|span| {
                span.attributes().get("messaging.destination.name").map(String::as_str) == Some(topic)
            })
            .collect::<Vec<_>>()
    };
    until("the spans", || of_topic().len() >= n).await;
    let spans = of_topic();
    assert_eq!(spans.len(), n, "{spans:#?}");
    spans
}

/// Waits for the end of the span of this name.
pub(crate) async fn named(name: &str) -> Span {
    let find =
        || exporter().get_finished_spans().expect("the spans").into_iter().find(|span| span.name == name);
    until("the end of the span", || find().is_some()).await;
    Span(find().expect("it has ended"))
}

#[derive(Debug, Clone)]
pub(crate) struct Span(SpanData);

impl Span {
    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    pub(crate) fn kind(&self) -> SpanKind {
        self.0.span_kind.clone()
    }

    pub(crate) fn parent(&self) -> Option<SpanId> {
        Some(self.0.parent_span_id).filter(|id| *id != SpanId::INVALID)
    }

    pub(crate) fn id(&self) -> SpanId {
        self.0.span_context.span_id()
    }

    pub(crate) fn is_error(&self) -> bool {
        matches!(self.0.status, Status::Error { .. })
    }

    pub(crate) fn is_unset(&self) -> bool {
        self.0.status == Status::Unset
    }

    /// The value of the header `traceparent` of a message that carries this span's context.
    pub(crate) fn traceparent(&self) -> String {
        let context = &self.0.span_context;
        format!("00-{}-{}-{:02x}", context.trace_id(), context.span_id(), context.trace_flags())
    }

    /// The spans that it is linked to, as `traceparent`.
    pub(crate) fn links(&self) -> Vec<String> {
        let links = self.0.links.iter().map(|link| &link.span_context);
        links
            .map(|context| {
                format!("00-{}-{}-{:02x}", context.trace_id(), context.span_id(), context.trace_flags())
            })
            .collect()
    }

    pub(crate) fn attributes(&self) -> BTreeMap<String, String> {
        let attributes = self.0.attributes.iter();
        attributes.map(|attribute| (attribute.key.to_string(), typed(&attribute.value))).collect()
    }
}

/// A value as text that shows its type.
fn typed(value: &opentelemetry::Value) -> String {
    match value {
        opentelemetry::Value::I64(number) => format!("{number}_i64"),
        opentelemetry::Value::Bool(value) => format!("{value}_bool"),
        other => other.to_string(),
    }
}

/// The value of a record's header.
pub(crate) fn header<'a>(record: &'a ConsumedRecord, name: &str) -> Option<&'a str> {
    record.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
}

/// Attributes in the order of their names.
pub(crate) fn attributes<const N: usize>(pairs: [(&str, String); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
