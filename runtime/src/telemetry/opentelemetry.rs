//! OpenTelemetry 0.33: the trace context of `tracing` spans, or of the current context where there is no layer.

use ::opentelemetry::Context;
use ::opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::context::TraceContext;
use super::propagator::Propagator;

pub(super) struct OpenTelemetry;

impl Propagator for OpenTelemetry {
    fn inject(&self, span: &Span) -> Option<TraceContext> {
        let of_span = of(span.context().span().span_context());
        of_span.or_else(|| Context::map_current(|context| of(context.span().span_context())))
    }

    fn link(&self, span: &Span, context: &TraceContext) {
        if let Some(context) = span_context(context) {
            span.add_link(context);
        }
    }
}

fn of(context: &SpanContext) -> Option<TraceContext> {
    if !context.is_valid() {
        return None;
    }
    let (trace, span, flags) =
        (context.trace_id(), context.span_id(), context.trace_flags() & TraceFlags::SAMPLED);
    TraceContext::new(&format!("00-{trace}-{span}-{flags:02x}"), &context.trace_state().header())
}

fn span_context(context: &TraceContext) -> Option<SpanContext> {
    let trace = TraceId::from_hex(context.trace_id()).ok()?;
    let span = SpanId::from_hex(context.span_id()).ok()?;
    let flags = if context.is_sampled() { TraceFlags::SAMPLED } else { TraceFlags::default() };
    let state = context.tracestate().parse::<TraceState>().unwrap_or_default();
    Some(SpanContext::new(trace, span, flags, true, state))
}

/// The context as OpenTelemetry 0.33 has it, for the span of a consumer:
/// `tracing_opentelemetry::OpenTelemetrySpanExt::set_parent(&span, (&context).into())`.
#[cfg_attr(docsrs, doc(cfg(feature = "opentelemetry-0_33")))]
impl From<&TraceContext> for Context {
    fn from(context: &TraceContext) -> Self {
        span_context(context).map_or_else(Self::new, |context| Self::new().with_remote_span_context(context))
    }
}
