//! One metric in every system that is compiled in.

#![cfg_attr(
    not(any(feature = "metrics", feature = "opentelemetry-0_33")),
    allow(unused_variables, clippy::unused_self, reason = "nobody looks at metrics")
)]

#[cfg(feature = "opentelemetry-0_33")]
use super::catalog::DURATION_BUCKETS;
use super::catalog::Metric;
#[cfg(any(feature = "metrics", feature = "opentelemetry-0_33"))]
use super::catalog::Unit;

/// The labels of a metric.
pub(super) type Labels<'a> = &'a [(&'static str, &'a str)];

/// A histogram of seconds.
#[derive(Clone)]
pub(super) struct Histogram {
    #[cfg(feature = "metrics")]
    facade: metrics::Histogram,
    #[cfg(feature = "opentelemetry-0_33")]
    otel: (opentelemetry::metrics::Histogram<f64>, Vec<opentelemetry::KeyValue>),
}

#[derive(Clone)]
pub(super) struct Counter {
    #[cfg(feature = "metrics")]
    facade: metrics::Counter,
    #[cfg(feature = "opentelemetry-0_33")]
    otel: (opentelemetry::metrics::Counter<u64>, Vec<opentelemetry::KeyValue>),
}

#[derive(Clone)]
pub(super) struct Gauge {
    #[cfg(feature = "metrics")]
    facade: metrics::Gauge,
    #[cfg(feature = "opentelemetry-0_33")]
    otel: (opentelemetry::metrics::Gauge<f64>, Vec<opentelemetry::KeyValue>),
}

impl Histogram {
    pub(super) fn new(metric: &Metric, labels: Labels<'_>) -> Self {
        Self {
            #[cfg(feature = "metrics")]
            facade: {
                metrics::describe_histogram!(metric.name, metric.facade_unit(), metric.description);
                metrics::histogram!(metric.name, facade_labels(labels))
            },
            #[cfg(feature = "opentelemetry-0_33")]
            otel: {
                let meter = otel_meter();
                let builder = meter.f64_histogram(metric.name).with_unit(metric.otel_unit());
                let builder =
                    builder.with_description(metric.description).with_boundaries(DURATION_BUCKETS.to_vec());
                (builder.build(), otel_labels(labels))
            },
        }
    }

    pub(super) fn record(&self, seconds: f64) {
        #[cfg(feature = "metrics")]
        self.facade.record(seconds);
        #[cfg(feature = "opentelemetry-0_33")]
        self.otel.0.record(seconds, &self.otel.1);
    }
}

impl Counter {
    pub(super) fn new(metric: &Metric, labels: Labels<'_>) -> Self {
        Self {
            #[cfg(feature = "metrics")]
            facade: {
                metrics::describe_counter!(metric.name, metric.facade_unit(), metric.description);
                metrics::counter!(metric.name, facade_labels(labels))
            },
            #[cfg(feature = "opentelemetry-0_33")]
            otel: {
                let meter = otel_meter();
                let builder = meter.u64_counter(metric.name).with_unit(metric.otel_unit());
                (builder.with_description(metric.description).build(), otel_labels(labels))
            },
        }
    }

    pub(super) fn add(&self, number: u64) {
        #[cfg(feature = "metrics")]
        self.facade.increment(number);
        #[cfg(feature = "opentelemetry-0_33")]
        self.otel.0.add(number, &self.otel.1);
    }
}

impl Gauge {
    pub(super) fn new(metric: &Metric, labels: Labels<'_>) -> Self {
        Self {
            #[cfg(feature = "metrics")]
            facade: {
                metrics::describe_gauge!(metric.name, metric.facade_unit(), metric.description);
                metrics::gauge!(metric.name, facade_labels(labels))
            },
            #[cfg(feature = "opentelemetry-0_33")]
            otel: {
                let meter = otel_meter();
                let builder = meter.f64_gauge(metric.name).with_unit(metric.otel_unit());
                (builder.with_description(metric.description).build(), otel_labels(labels))
            },
        }
    }

    pub(super) fn set(&self, value: f64) {
        #[cfg(feature = "metrics")]
        self.facade.set(value);
        #[cfg(feature = "opentelemetry-0_33")]
        self.otel.0.record(value, &self.otel.1);
    }
}

#[cfg(feature = "metrics")]
impl Metric {
    fn facade_unit(&self) -> metrics::Unit {
        match self.unit {
            Unit::Seconds => metrics::Unit::Seconds,
            Unit::Count(_) => metrics::Unit::Count,
        }
    }
}

#[cfg(feature = "metrics")]
fn facade_labels(labels: Labels<'_>) -> Vec<metrics::Label> {
    labels.iter().map(|(name, value)| metrics::Label::new(*name, (*value).to_owned())).collect()
}

#[cfg(feature = "opentelemetry-0_33")]
impl Metric {
    fn otel_unit(&self) -> &'static str {
        match self.unit {
            Unit::Seconds => "s",
            Unit::Count(what) => what,
        }
    }
}

#[cfg(feature = "opentelemetry-0_33")]
fn otel_meter() -> opentelemetry::metrics::Meter {
    opentelemetry::global::meter("entity-events")
}

#[cfg(feature = "opentelemetry-0_33")]
fn otel_labels(labels: Labels<'_>) -> Vec<opentelemetry::KeyValue> {
    labels.iter().map(|(name, value)| opentelemetry::KeyValue::new(*name, (*value).to_owned())).collect()
}
