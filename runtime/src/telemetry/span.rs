//! The span of one message, from the call to its outcome: OpenTelemetry's semantic conventions for messaging, 1.44.0.

use std::fmt;

use tracing::Span;
use tracing::field::{Empty, display};
use tracing::level_filters::LevelFilter;

use super::context::{TRACEPARENT, TRACESTATE, TraceContext};
use super::message::Message;
use super::propagator;
use super::source::Source;
use crate::guard::{observe, release};

/// What is done with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Operation {
    /// It is handed to Kafka.
    Send,
    /// It is put into the outbox.
    Create,
}

/// Where the broker has put a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) partition: i32,
    pub(crate) offset: i64,
}

/// A span that ends with the outcome of its message. Dropping it ends it, too.
#[derive(Default)]
pub(crate) struct MessageSpan(Option<Span>);

/// Creates a span. The fields are those of the conventions; `otel.*` are read by tracing-opentelemetry.
macro_rules! span {
    ($name:literal, $kind:literal, $source:expr, $topic:expr, $key:expr, $tombstone:expr, $($field:tt)*) => {{
        let (source, topic): (&Source, &str) = ($source, $topic);
        tracing::info_span!(
            target: "otel::entity_events",
            $name,
            "otel.name" = %format_args!(concat!($name, " {}"), topic),
            "otel.kind" = $kind,
            "messaging.system" = "kafka",
            "messaging.operation.name" = $name,
            "messaging.operation.type" = $name,
            "messaging.destination.name" = topic,
            "messaging.destination.partition.id" = Empty,
            "messaging.kafka.offset" = Empty,
            "messaging.kafka.message.key" = source.key_to_show($key),
            "messaging.kafka.message.tombstone" = $tombstone.then_some(true),
            "messaging.kafka.cluster.id" = source.cluster_id(),
            "server.address" = source.address(),
            "server.port" = source.port(),
            "error.type" = Empty,
            "otel.status_code" = Empty,
            $($field)*
        )
    }};
}

impl MessageSpan {
    /// Begins the span of a caller's message, and returns the context that the message carries.
    pub(super) fn begin(
        operation: Operation,
        source: &Source,
        message: &Message<'_>,
    ) -> (Self, Option<TraceContext>) {
        // Nobody looks at spans, and no tracer is there: neither foreign code nor time.
        let enabled = is_enabled();
        if !enabled && !propagator::is_there() {
            return (Self(None), None);
        }
        let begun = observe(|| {
            let span = if enabled { span_of(operation, source, message) } else { Span::none() };
            let context = if span.is_disabled() {
                propagator::inject(&Span::current())
            } else {
                propagator::inject(&span)
            };
            (Self((!span.is_disabled()).then_some(span)), context)
        });
        begun.unwrap_or_default()
    }

    /// Begins the span of a message that a relay sends, linked to the one that created it.
    pub(super) fn relayed<'a>(
        source: &Source,
        topic: &str,
        key: &str,
        tombstone: bool,
        header: impl Fn(&str) -> Option<&'a str>,
    ) -> Self {
        if !is_enabled() {
            return Self(None);
        }
        let begun = observe(|| {
            let span = span!(
                "send",
                "client",
                source,
                topic,
                key,
                tombstone,
                "messaging.client.id" = source.client_id(),
                "messaging.message.id" = header("ce_id"),
            );
            if span.is_disabled() {
                return Self(None);
            }
            let created = header(TRACEPARENT)
                .and_then(|parent| TraceContext::new(parent, header(TRACESTATE).unwrap_or_default()));
            if let Some(context) = created {
                propagator::link(&span, &context);
            }
            Self(Some(span))
        });
        begun.unwrap_or_default()
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.0.is_some()
    }

    /// Ends it, after the acknowledgement of every in-sync replica.
    pub(crate) fn delivered(self, place: Place) {
        self.end(|span| {
            span.record("messaging.destination.partition.id", display(place.partition));
            span.record("messaging.kafka.offset", place.offset);
        });
    }

    /// Ends it with a failure.
    pub(crate) fn failed(self, error_type: &'static str) {
        self.end(|span| {
            span.record("error.type", error_type);
            span.record("otel.status_code", "ERROR");
        });
    }

    fn end(self, record: impl FnOnce(&Span)) {
        if let Some(span) = &self.0 {
            observe(|| record(span));
        }
        drop(self);
    }
}

/// Whether a subscriber may want spans. Only atomics: that it asks no subscriber is what lets callers be anywhere.
fn is_enabled() -> bool {
    LevelFilter::current() >= LevelFilter::INFO
}

fn span_of(operation: Operation, source: &Source, message: &Message<'_>) -> Span {
    let &Message { topic, key, id, event_type, correlation_id, tombstone } = message;
    match operation {
        Operation::Send => span!(
            "send", "producer", source, topic, key, tombstone,
            "messaging.client.id" = source.client_id(),
            "messaging.message.id" = %id,
            "messaging.message.conversation_id" = %correlation_id,
            "cloudevents.event_type" = event_type,
        ),
        Operation::Create => span!(
            "create", "producer", source, topic, key, tombstone,
            "messaging.message.id" = %id,
            "messaging.message.conversation_id" = %correlation_id,
            "cloudevents.event_type" = event_type,
        ),
    }
}

impl Drop for MessageSpan {
    /// Ending a span runs foreign code.
    fn drop(&mut self) {
        if let Some(span) = self.0.take() {
            release(span);
        }
    }
}

impl fmt::Debug for MessageSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MessageSpan").field(&self.is_enabled()).finish()
    }
}
