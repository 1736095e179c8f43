//! Traces and metrics of what happens to events.
//!
//! # Traces
//!
//! Each message has a span of `tracing`, at level INFO with the target `otel::entity_events`, from the call to its outcome. Names, kinds
//! and attributes are those of OpenTelemetry's [semantic conventions for
//! messaging](https://opentelemetry.io/docs/specs/semconv/messaging/kafka/), 1.44.0, whose messaging part is still in development.
//! The layer of `tracing-opentelemetry` makes them spans of OpenTelemetry.
//!
//! | when | name | kind | parent | linked to |
//! | --- | --- | --- | --- | --- |
//! | a `KafkaEventService` publishes | `send <topic>` | producer | the caller's span | |
//! | an event is put into an outbox | `create <topic>` | producer | the caller's span | |
//! | a relay sends a row | `send <topic>` | client | none | the row's `create` |
//!
//! | attribute | on | is |
//! | --- | --- | --- |
//! | `messaging.system` | all | `kafka` |
//! | `messaging.operation.name`, `messaging.operation.type` | all | `send` or `create` |
//! | `messaging.destination.name` | all | the topic |
//! | `messaging.message.id` | all | the record's id, as in `ce_id` |
//! | `messaging.message.conversation_id`, `cloudevents.event_type` | a caller's | the correlation id; the event type |
//! | `messaging.kafka.message.key` | all | the partition key, unless `log_keys = false` |
//! | `messaging.kafka.message.tombstone` | tombstones | `true` |
//! | `messaging.client.id` | `send` | `client_id` |
//! | `server.address`, `server.port` | all | the broker, if `bootstrap_servers` is one |
//! | `messaging.kafka.cluster.id` | after the first acknowledgement | |
//! | `messaging.destination.partition.id`, `messaging.kafka.offset` | acknowledged | where the record is |
//! | `error.type` | failed | Kafka's name of the error, with `LOCAL_` before those of the client, or `_OTHER` |
//!
//! The directive `otel::entity_events=off` of an `EnvFilter` turns the spans off; the trace then goes on from the caller's span. The
//! log of a busy service should have it in its own filter: formatting a span at INFO that is for traces alone costs some microseconds.
//! The target has another beginning than those of the log, so that `entity_events=warn` leaves the spans on. A message that waits keeps its
//! span, which takes some kilobytes with a tracer: as many as `producer.queue_buffering_max_messages`, or `outbox.max_rows`, in an outage.
//!
//! # Trace context
//!
//! With the cargo feature `opentelemetry-0_33` (named after the version of OpenTelemetry; `tracing-opentelemetry` 0.34 fits), a record
//! carries the context of its span in `traceparent` and `tracestate`: that of `send`, or through an outbox that of `create`, which
//! is stored with the row. A relay never changes it. Where there is no layer of `tracing-opentelemetry`, it is the current context of
//! OpenTelemetry. Any other tracer is connected by a [`Propagator`].
//!
//! A layer of another version is invisible. If the first 100 events have no context, a warning says so, once.
//!
//! Consumers read the context with [`trace_context_of`].
//!
//! # Metrics
//!
//! With the cargo feature `metrics` they go to the recorder of the crate `metrics` 0.24, and with `opentelemetry-0_33` to the global
//! meter provider of OpenTelemetry. Either may be installed late: it is found within 5 seconds. Keys and ids are never labels.
//!
//! | name | kind | unit | labels |
//! | --- | --- | --- | --- |
//! | `messaging.client.operation.duration` | histogram | s | `messaging.system`, `messaging.operation.name`, `messaging.operation.type`, `messaging.destination.name`; `error.type` if it failed |
//! | `messaging.client.sent.messages` | counter | message | the same without `messaging.operation.type` |
//! | `entity_events.lost.messages` | counter | message | `messaging.destination.name` |
//! | `entity_events.queued.messages` | gauge | message | |
//! | `outbox.records` | gauge | record | `outbox.status`: `pending` or `in_flight` |
//! | `outbox.oldest.age` | gauge | s | |
//! | `outbox.blocked.keys` | gauge | key | |
//! | `outbox.relay.active` | gauge | relay | |
//! | `outbox.relay.duration` | histogram | s | `messaging.destination.name` |
//! | `outbox.relay.attempts` | counter | attempt | `messaging.destination.name`, `outbox.result`: `published`, `retry` or `failed` |
//!
//! The first two are those of the semantic conventions, on both lanes: a message that a relay sends again counts again. An event of the
//! direct lane that is given up counts in `entity_events.lost.messages`, once, also if the builder's `fallback` could not store it; what
//! is stored does not. The duration of a relay, its *lag*, begins with the transaction that inserted the row (in SQLite with the insertion) and ends
//! with the acknowledgement. The pending of `outbox.records` and `outbox.oldest.age` are of the last count (every 10 seconds), and `pending` includes `in_flight`;
//! they are the database's, and only the active relay knows them. The others show 0, so take the maximum over the instances. Gauges are set once a second.
//!
//! Exporters for Prometheus write `_` for `.`, and add units: `messaging_client_operation_duration_seconds`,
//! `messaging_client_sent_messages_total`. For `metrics-exporter-prometheus` that takes `with_recommended_naming(true)`, and
//! [`DURATION_BUCKETS`] for the histograms. The repository's folder `operations` has alert rules and a dashboard for these names.

#![cfg_attr(
    not(all(
        any(feature = "outbox-postgres", feature = "outbox-sqlite"),
        any(feature = "metrics", feature = "opentelemetry-0_33")
    )),
    allow(dead_code, unused_imports, reason = "some of it is for outboxes, and some for metrics")
)]

mod context;
#[cfg(feature = "kafka")]
mod error_type;
#[cfg(any(feature = "kafka", feature = "schema"))]
mod message;
#[cfg(feature = "kafka")]
mod metrics;
#[cfg(feature = "opentelemetry-0_33")]
mod opentelemetry;
#[cfg(feature = "kafka")]
mod propagator;
#[cfg(feature = "kafka")]
mod source;
#[cfg(feature = "kafka")]
mod span;

#[cfg(any(feature = "kafka", feature = "schema"))]
pub(crate) use self::context::{TRACEPARENT, TRACESTATE};
pub use self::context::{TraceContext, trace_context_of};
#[cfg(feature = "kafka")]
pub(crate) use self::error_type::{OTHER_ERROR, error_type, error_type_of};
#[cfg(any(feature = "kafka", feature = "schema"))]
pub(crate) use self::message::Message;
#[cfg(feature = "kafka")]
pub use self::metrics::DURATION_BUCKETS;
#[cfg(feature = "kafka")]
pub(crate) use self::metrics::{Attempt, Meter, OutboxDepth, Stopwatch};
#[cfg(feature = "kafka")]
pub use self::propagator::{AlreadySet, Propagator, set_propagator};
#[cfg(feature = "kafka")]
pub(crate) use self::source::Source;
#[cfg(feature = "kafka")]
pub(crate) use self::span::{MessageSpan, Operation, Place};
