//! Metrics of one producer, for the recorder of the crate `metrics` and for OpenTelemetry.

mod catalog;
mod gauges;
mod instrument;
mod series;
mod stopwatch;

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use self::catalog::DURATION_BUCKETS;
use self::series::{Series, TopicSeries};
pub(crate) use self::stopwatch::Stopwatch;
use crate::guard::observe;

/// Whether anybody can look at metrics.
const MEASURED: bool = cfg!(any(feature = "metrics", feature = "opentelemetry-0_33"));

/// How often gauges are set.
const GAUGES: Duration = Duration::from_secs(1);

/// What a relay's attempt to send a row has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    Published,
    /// It is sent again.
    Retry,
    /// Kafka refuses it for good.
    Failed,
}

/// What an outbox holds, as its relay knows it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OutboxDepth {
    pub(crate) active: bool,
    pub(crate) pending: u64,
    pub(crate) in_flight: u64,
    pub(crate) blocked_keys: u64,
    pub(crate) oldest: Duration,
}

/// Recorders are foreign code: whatever they do, messages keep their outcomes.
#[derive(Default)]
pub(crate) struct Meter {
    series: Mutex<Series>,
    /// When the gauges were set last.
    gauges: Mutex<Option<Instant>>,
}

impl Meter {
    /// Counts a message that was acknowledged, or has failed.
    pub(crate) fn sent(&self, topic: &str, stopwatch: Stopwatch, error_type: Option<&'static str>) {
        self.record(topic, |series, now| series.sent(stopwatch.until(now), error_type));
    }

    /// Counts an event of the direct lane that is lost.
    pub(crate) fn lost(&self, topic: &str) {
        self.record(topic, |series, _| series.lost());
    }

    /// Counts a relay's attempt to send a row, which was inserted at that time.
    pub(crate) fn attempted(
        &self,
        topic: &str,
        attempt: Attempt,
        stopwatch: Stopwatch,
        inserted: Option<Instant>,
        error_type: Option<&'static str>,
    ) {
        self.record(topic, |series, now| {
            series.sent(stopwatch.until(now), error_type);
            let inserted = inserted.filter(|_| attempt == Attempt::Published);
            series.attempted(attempt, inserted.map(|inserted| now.duration_since(inserted)));
        });
    }

    /// Shows how many messages of the direct lane have no outcome yet: once a second, or at once.
    pub(crate) fn queued(&self, messages: impl FnOnce() -> u64, at_once: bool) {
        if self.gauges_are_due(at_once) {
            observe(|| gauges::queued(messages()));
        }
    }

    /// The same for what an outbox holds.
    pub(crate) fn outbox(&self, depth: OutboxDepth, at_once: bool) {
        if self.gauges_are_due(at_once) {
            observe(|| gauges::outbox(depth));
        }
    }

    fn record(&self, topic: &str, record: impl FnOnce(&mut TopicSeries, Instant)) {
        if MEASURED {
            let now = Instant::now();
            observe(|| {
                let mut series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
                series.of(topic, now, |series| record(series, now));
            });
        }
    }

    fn gauges_are_due(&self, at_once: bool) -> bool {
        if !MEASURED {
            return false;
        }
        let mut last = self.gauges.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = at_once || last.is_none_or(|last| last.elapsed() >= GAUGES);
        if is_due {
            *last = Some(Instant::now());
        }
        is_due
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meter").finish_non_exhaustive()
    }
}
