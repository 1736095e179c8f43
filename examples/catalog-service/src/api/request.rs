//! What every request gets: an id, a span, a limit of time, and its place in the metrics.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use entity_events::telemetry::TraceContext;
use tokio::time::timeout;
use tracing::{Instrument as _, Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::App;
use super::error::ApiError;
use crate::domain::correlation::CorrelationId;

/// The header that joins what one request causes, across services.
const CORRELATION_ID: &str = "x-correlation-id";

/// Runs a request within its span, and counts it.
pub(super) async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let correlation_id = correlation_id(request.headers());
    request.extensions_mut().insert(correlation_id);
    let method = request.method().to_string();
    // The pattern and not the path: a metric has no ids.
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    let span = span(&method, &route, correlation_id);
    if let Some(context) = trace_context(request.headers()) {
        // It fails if nobody records traces.
        let _ = span.set_parent((&context).into());
    }

    let limited = timeout(app.timeout, next.run(request)).instrument(span.clone()).await;
    let mut response = limited.unwrap_or_else(|_| {
        let detail = "it took too long; look whether it was done before you try again";
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, detail).into_response()
    });

    let status = response.status().as_u16();
    span.record("http.response.status_code", status);
    tracing::info!(parent: &span, status, "answered");
    if response.status().is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    metrics::histogram!("http.server.request.duration", "http.request.method" => method, "http.route" => route,
        "http.response.status_code" => status.to_string())
    .record(start.elapsed());
    if let Ok(value) = HeaderValue::from_str(&correlation_id.to_string()) {
        response.headers_mut().insert(CORRELATION_ID, value);
    }
    response
}

/// The caller's, if it is a UUID; else a new one.
fn correlation_id(headers: &HeaderMap) -> CorrelationId {
    let given = headers.get(CORRELATION_ID).and_then(|value| value.to_str().ok()?.parse().ok());
    given.unwrap_or_else(CorrelationId::generate)
}

/// The caller's place in its trace, by W3C Trace Context.
fn trace_context(headers: &HeaderMap) -> Option<TraceContext> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    TraceContext::new(header("traceparent")?, header("tracestate").unwrap_or_default())
}

fn span(method: &str, route: &str, correlation_id: CorrelationId) -> Span {
    tracing::info_span!(
        "request",
        otel.name = %format_args!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = field::Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = field::Empty,
        %correlation_id,
    )
}
