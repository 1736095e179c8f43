//! The names, units and meanings of the metrics.

/// The bounds of the buckets for durations, in seconds, as the semantic conventions have them: for exporters that have to be told, such
/// as `metrics-exporter-prometheus`. OpenTelemetry gets them by itself.
pub const DURATION_BUCKETS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// A metric.
#[derive(Debug)]
pub(super) struct Metric {
    pub(super) name: &'static str,
    pub(super) unit: Unit,
    pub(super) description: &'static str,
}

#[derive(Debug, Clone, Copy)]
#[cfg_attr(
    not(feature = "opentelemetry-0_33"),
    allow(dead_code, reason = "the crate `metrics` has no such units")
)]
pub(super) enum Unit {
    Seconds,
    Count(&'static str),
}

pub(super) const OPERATION_DURATION: Metric = Metric {
    name: "messaging.client.operation.duration",
    unit: Unit::Seconds,
    description: "Time from handing over a message to its acknowledgement by every in-sync replica, or its failure",
};

pub(super) const SENT_MESSAGES: Metric = Metric {
    name: "messaging.client.sent.messages",
    unit: Unit::Count("{message}"),
    description: "Messages that the producer tried to hand to the broker",
};

pub(super) const LOST_MESSAGES: Metric = Metric {
    name: "entity_events.lost.messages",
    unit: Unit::Count("{message}"),
    description: "Accepted messages of the direct lane that are lost, or of unknown outcome",
};

pub(super) const QUEUED_MESSAGES: Metric = Metric {
    name: "entity_events.queued.messages",
    unit: Unit::Count("{message}"),
    description: "Accepted messages of the direct lane without an outcome",
};

pub(super) const RECORDS: Metric = Metric {
    name: "outbox.records",
    unit: Unit::Count("{record}"),
    description: "Rows of the outbox, as its active relay has counted them: pending every 10 seconds, with those in flight",
};

pub(super) const OLDEST_AGE: Metric = Metric {
    name: "outbox.oldest.age",
    unit: Unit::Seconds,
    description: "Age of the oldest row of the outbox when its active relay counted last",
};

pub(super) const BLOCKED_KEYS: Metric = Metric {
    name: "outbox.blocked.keys",
    unit: Unit::Count("{key}"),
    description: "Keys whose oldest event Kafka refuses",
};

pub(super) const RELAY_ACTIVE: Metric = Metric {
    name: "outbox.relay.active",
    unit: Unit::Count("{relay}"),
    description: "1 while this relay has the lease, else 0",
};

pub(super) const RELAY_DURATION: Metric = Metric {
    name: "outbox.relay.duration",
    unit: Unit::Seconds,
    description: "Time from the insertion of a row to the acknowledgement of its message",
};

pub(super) const RELAY_ATTEMPTS: Metric = Metric {
    name: "outbox.relay.attempts",
    unit: Unit::Count("{attempt}"),
    description: "Attempts of the relay to send a row",
};
