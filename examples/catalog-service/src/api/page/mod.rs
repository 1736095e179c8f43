//! `/`: a page that shows events arrive.

use axum::http::{HeaderName, header};
use axum::response::{Html, IntoResponse};

/// The page loads what is beside it, and nothing else; no text of an event becomes a script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A new version of the service is a new page at once.
const FRESH: (HeaderName, &str) = (header::CACHE_CONTROL, "no-cache");
const NO_SNIFF: (HeaderName, &str) = (header::X_CONTENT_TYPE_OPTIONS, "nosniff");

pub(super) async fn index() -> impl IntoResponse {
    let policy = (header::CONTENT_SECURITY_POLICY, POLICY);
    ([policy, FRESH, NO_SNIFF], Html(include_str!("index.html")))
}

pub(super) async fn style() -> impl IntoResponse {
    file("text/css; charset=utf-8", include_str!("style.css"))
}

pub(super) async fn script() -> impl IntoResponse {
    file("text/javascript; charset=utf-8", include_str!("script.js"))
}

pub(super) async fn icon() -> impl IntoResponse {
    file("image/svg+xml", include_str!("icon.svg"))
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), FRESH, NO_SNIFF], text)
}
