//! A request's trace goes on in its records, and what became of them is counted.

mod support;

use std::time::Duration;

use catalog_service::consumer::{Change, Handler, HandlerError, run};
use catalog_service::telemetry;
use entity_events::telemetry::TraceContext;
use entity_events::testing::TopicReader;
use reqwest::Method;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use self::support::http::Client;
use self::support::world::World;

const PATIENCE: Duration = Duration::from_mins(1);

/// Hands over the trace that it is called in.
struct Traces(mpsc::UnboundedSender<String>);

#[async_trait::async_trait]
impl Handler for Traces {
    async fn handle(&mut self, _: Change) -> Result<(), HandlerError> {
        use opentelemetry::trace::TraceContextExt as _;

        let context = tracing::Span::current().context();
        Ok(self.0.send(context.span().span_context().trace_id().to_string())?)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_goes_from_the_caller_to_the_consumer() {
    let _telemetry = telemetry::init("catalog-service").expect("telemetry");
    let world = World::new().await;
    let service = world.start().await;
    let client = Client::of(&service);
    let caller = TraceContext::new("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "shop=7")
        .expect("a context");
    let request = client.request(Method::POST, "/products").header("traceparent", caller.traceparent());
    let request = request.header("tracestate", caller.tracestate());
    let lamp = json!({"name": "Lamp", "price_cents": 1});
    assert!(request.json(&lamp).send().await.expect("an answer").status().is_success());

    let config = service.brokers().config().clone();
    let topic = config.prefixed_topics().product_topic;
    let reader = TopicReader::from_start(&config.bootstrap_servers, &[&topic]).await.expect("a reader");
    let record = reader.read(1, PATIENCE).await.expect("a record").1.remove(0);
    let header = |name| record.header(name).unwrap_or_default();
    let written = TraceContext::new(header("traceparent"), header("tracestate")).expect("a context");
    assert_eq!((written.trace_id(), written.tracestate()), (caller.trace_id(), "shop=7"));
    assert_ne!(written.span_id(), caller.span_id(), "the record is of a span within the request");

    let (traces, mut received) = mpsc::unbounded_channel();
    let mut handler = Traces(traces);
    let reading = run(&config, "telemetry", &mut handler, async {
        let trace = timeout(PATIENCE, received.recv()).await.expect("handled");
        assert_eq!(trace.as_deref(), Some(caller.trace_id()));
    });
    assert_eq!(reading.await.expect("it can work").handled, 1);

    // Recorders that are installed late are found within seconds.
    let sent = format!(
        "messaging_client_sent_messages_total{{messaging_system=\"kafka\",messaging_operation_name=\"send\",messaging_destination_name=\"{topic}\"}}"
    );
    let metrics = timeout(PATIENCE, async {
        loop {
            let metrics = client.request(Method::GET, "/metrics").send().await.expect("an answer");
            let metrics = metrics.text().await.expect("text");
            if metrics.contains("outbox_relay_active 1")
                && metrics.contains("messaging_client_sent_messages_total")
            {
                break metrics;
            }
            sleep(Duration::from_millis(100)).await;
        }
    });
    let metrics = metrics.await.expect("metrics of the relay");
    for series in [
        "messaging_client_operation_duration_seconds_bucket",
        "outbox_relay_duration_seconds_count",
        "outbox_records{outbox_status=\"pending\"} 0",
        "outbox_blocked_keys 0",
    ] {
        assert!(metrics.contains(series), "{series} is not in\n{metrics}");
    }
    assert!(metrics.contains(&sent), "{sent} is not in\n{metrics}");
    assert_eq!(service.close().await.delivered, 1);
}
