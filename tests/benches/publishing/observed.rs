//! What it costs to be looked at: the same load while nobody looks, with a log that formats every span, with a recorder of metrics, and
//! with a tracer as well.
//!
//! `cargo bench -p entity-events-tests --features telemetry --bench publishing -- telemetry`

use entity_events::kafka::KafkaConfig;
use entity_events::telemetry::DURATION_BUCKETS;
use metrics_exporter_prometheus::PrometheusBuilder;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanData, SpanExporter};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::contenders::{Contender, Load, NoteTopics};

/// A collector that takes everything at once.
#[derive(Debug)]
struct Discarded;

impl SpanExporter for Discarded {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

pub(crate) async fn run(config: &KafkaConfig<NoteTopics>, events: usize, rounds: usize) {
    let load = Load::of(events);
    let compare = async |what: &str| {
        crate::compare(format!("{events} events, {what}"), config, &Contender::SWEPT, load, rounds).await;
    };
    compare("nobody looks").await;
    // Of the caller's thread: deliveries are not logged.
    let log = tracing_subscriber::fmt().with_writer(std::io::sink).finish();
    let guard = tracing::subscriber::set_default(log);
    compare("with a log at INFO").await;
    drop(guard);
    let recorder = PrometheusBuilder::new().set_buckets(&DURATION_BUCKETS).expect("buckets");
    recorder.install_recorder().expect("the first");
    compare("with a recorder of metrics").await;
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(0.01)));
    let provider = SdkTracerProvider::builder().with_sampler(sampler).with_batch_exporter(Discarded).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("bench"));
    tracing_subscriber::registry().with(layer).init();
    compare("and with a tracer that samples 1 %").await;
}
