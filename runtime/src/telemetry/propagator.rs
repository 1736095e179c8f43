//! Where the trace context of an event comes from.

use std::fmt;
use std::sync::OnceLock;
#[cfg(feature = "opentelemetry-0_33")]
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

use tracing::Span;

use super::context::TraceContext;
#[cfg(feature = "opentelemetry-0_33")]
use super::opentelemetry::OpenTelemetry;

/// Gives events the trace context of the tracer that a process uses. Set it once with [`set_propagator`].
///
/// With the cargo feature `opentelemetry-0_33` there is one already, for OpenTelemetry 0.33. This is for any other: another version,
/// or another tracer.
///
/// Calls come from the thread that publishes, and from the relay's. One that panics is as good as one that returns `None`.
///
/// ```
/// use entity_events::telemetry::{Propagator, TraceContext, set_propagator};
/// use tracing::Span;
///
/// struct FromTask;
///
/// tokio::task_local!(static TRACEPARENT: String);
///
/// impl Propagator for FromTask {
///     fn inject(&self, _span: &Span) -> Option<TraceContext> {
///         TRACEPARENT.try_with(|traceparent| TraceContext::new(traceparent, "")).ok()?
///     }
/// }
///
/// set_propagator(FromTask)?;
/// # Ok::<(), entity_events::telemetry::AlreadySet>(())
/// ```
pub trait Propagator: Send + Sync {
    /// Returns the context that an event carries. `span` is that of the event, `send` or `create`; or the caller's, if the event's is
    /// disabled. `None`: it carries none.
    fn inject(&self, span: &Span) -> Option<TraceContext>;

    /// Links a relay's span, which sends an event, to the context that the event carries. Does nothing by default.
    fn link(&self, span: &Span, context: &TraceContext) {
        let _ = (span, context);
    }
}

/// A propagator was set before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlreadySet;

impl fmt::Display for AlreadySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a propagator is set already; call `set_propagator` once, at the start")
    }
}

impl std::error::Error for AlreadySet {}

static PROPAGATOR: OnceLock<Box<dyn Propagator>> = OnceLock::new();

/// Sets where the trace context of every event of this process comes from, in place of OpenTelemetry.
///
/// # Errors
///
/// If one was set before; it stays.
pub fn set_propagator(propagator: impl Propagator + 'static) -> Result<(), AlreadySet> {
    PROPAGATOR.set(Box::new(propagator)).map_err(|_| AlreadySet)
}

/// Whether there can be a context at all.
pub(super) fn is_there() -> bool {
    cfg!(feature = "opentelemetry-0_33") || PROPAGATOR.get().is_some()
}

/// Returns the context for an event. Foreign code: call it within `observe`.
pub(super) fn inject(span: &Span) -> Option<TraceContext> {
    match PROPAGATOR.get() {
        Some(propagator) => propagator.inject(span),
        #[cfg(feature = "opentelemetry-0_33")]
        None => {
            let context = OpenTelemetry.inject(span);
            warn_if_never(context.is_some());
            context
        }
        #[cfg(not(feature = "opentelemetry-0_33"))]
        None => None,
    }
}

/// Links a span to a context. Foreign code, as [`inject`].
pub(super) fn link(span: &Span, context: &TraceContext) {
    match PROPAGATOR.get() {
        Some(propagator) => propagator.link(span, context),
        #[cfg(feature = "opentelemetry-0_33")]
        None => OpenTelemetry.link(span, context),
        #[cfg(not(feature = "opentelemetry-0_33"))]
        None => {}
    }
}

/// How many events without a context, and none with one, are a mistake.
#[cfg(feature = "opentelemetry-0_33")]
const NEVER: u32 = 100;

/// Warns once if no context is ever found: a layer of another version is invisible to this one.
#[cfg(feature = "opentelemetry-0_33")]
fn warn_if_never(found: bool) {
    static FOUND: AtomicBool = AtomicBool::new(false);
    static MISSED: AtomicU32 = AtomicU32::new(0);
    if FOUND.load(Relaxed) || MISSED.load(Relaxed) >= NEVER {
        return;
    }
    if found {
        FOUND.store(true, Relaxed);
    } else if MISSED.fetch_add(1, Relaxed) + 1 == NEVER {
        tracing::warn!(
            "no trace context was found for the first {NEVER} events, so they carry none: publish within a span that a layer of \
             tracing-opentelemetry 0.34 (OpenTelemetry 0.33) sees; for another version, set a propagator, or turn off the cargo \
             feature `opentelemetry-0_33`"
        );
    }
}
