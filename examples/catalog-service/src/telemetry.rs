//! Logs, traces and metrics of the process.

use std::io::IsTerminal as _;
use std::sync::LazyLock;

use entity_events::telemetry::DURATION_BUCKETS;
use metrics::Unit;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

/// What is logged unless `RUST_LOG` says otherwise: everything at INFO, but not a line for every record that is delivered. The spans of
/// events are for traces alone.
const LOGS: &str = "info,entity_events::published=warn,otel::entity_events=off";

/// Where to send traces, as every program with OpenTelemetry has it.
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// What collects spans; [`shut_down`](Self::shut_down) sends the last of them.
#[derive(Debug)]
pub struct Telemetry {
    traces: SdkTracerProvider,
}

/// The error returned if telemetry cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// There is a subscriber already.
    #[error("the log was set up before: {0}")]
    Log(#[from] TryInitError),
    /// The exporter of traces cannot be created.
    #[cfg(feature = "otlp")]
    #[error("traces cannot be sent to `OTEL_EXPORTER_OTLP_ENDPOINT`: {0}")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
    /// Metrics cannot be recorded.
    #[error("metrics cannot be recorded: {0}")]
    Metrics(&'static str),
}

/// Sets up the log and traces of a process, by `RUST_LOG` and `OTEL_EXPORTER_OTLP_ENDPOINT`.
///
/// Traces are made with or without a collector to send them to: a request's trace goes out with its events.
///
/// # Errors
///
/// See [`TelemetryError`].
pub fn init(service: &'static str) -> Result<Telemetry, TelemetryError> {
    let resource = Resource::builder().with_service_name(service).build();
    let traces = SdkTracerProvider::builder().with_resource(resource);
    #[cfg(feature = "otlp")]
    let traces = with_exporter(traces)?;
    #[cfg(not(feature = "otlp"))]
    if std::env::var_os(ENDPOINT).is_some() {
        eprintln!("`{ENDPOINT}` has no effect; build with `--features otlp`");
    }
    let traces = traces.build();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOGS));
    let spans = Targets::new().with_default(tracing::Level::INFO);
    tracing_subscriber::registry()
        .with(tracing_opentelemetry::layer().with_tracer(traces.tracer(service)).with_filter(spans))
        .with(fmt::layer().with_ansi(std::io::stdout().is_terminal()).with_filter(filter))
        .try_init()?;
    Ok(Telemetry { traces })
}

#[cfg(feature = "otlp")]
fn with_exporter(
    traces: opentelemetry_sdk::trace::TracerProviderBuilder,
) -> Result<opentelemetry_sdk::trace::TracerProviderBuilder, TelemetryError> {
    if std::env::var_os(ENDPOINT).is_none() {
        return Ok(traces);
    }
    let exporter = opentelemetry_otlp::SpanExporter::builder().with_http().build()?;
    Ok(traces.with_batch_exporter(exporter))
}

impl Telemetry {
    /// Sends the spans that are left. Blocks its thread for up to five seconds.
    pub fn shut_down(self) {
        if let Err(error) = self.traces.shutdown() {
            eprintln!("the last traces were not sent: {error}");
        }
    }
}

/// The recorder of the process's metrics, for `/metrics`.
///
/// # Errors
///
/// The process has another recorder.
pub fn metrics() -> Result<PrometheusHandle, TelemetryError> {
    static METRICS: LazyLock<Option<PrometheusHandle>> = LazyLock::new(|| {
        let builder =
            PrometheusBuilder::new().with_recommended_naming(true).set_buckets(&DURATION_BUCKETS).ok()?;
        let recorder = builder.install_recorder().ok()?;
        metrics::describe_histogram!(
            "http.server.request.duration",
            Unit::Seconds,
            "How long requests took."
        );
        Some(recorder)
    });
    METRICS.clone().ok_or(TelemetryError::Metrics("the process has another recorder"))
}
