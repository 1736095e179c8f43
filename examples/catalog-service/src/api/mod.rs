//! HTTP: what the service offers to others.

mod body;
mod brokers;
mod error;
mod events;
mod health;
mod id;
mod live;
mod metrics;
mod orders;
mod page;
mod products;
mod request;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, put};
use entity_events::outbox::OutboxRelay;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;

use self::error::ApiError;
pub use self::live::Live;
use crate::infrastructure::Store;
use crate::infrastructure::kafka::{Brokers, Feed};

/// The largest body of a request, in bytes.
const BODY_LIMIT: usize = 16 * 1024;

/// What handlers work with. Clones share everything.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub database: Arc<dyn Store>,
    /// What sends committed events.
    pub relay: Arc<OutboxRelay>,
    /// The brokers.
    pub brokers: Arc<Brokers>,
    /// The records that a consumer sees.
    pub feed: Feed,
    /// The state of the outbox and of the brokers.
    pub live: Live,
    /// The page of the events.
    pub catalog: Bytes,
    /// The recorder of metrics.
    pub metrics: PrometheusHandle,
    /// How long a request may take.
    pub timeout: Duration,
    /// Becomes `true` when the service ends.
    pub stopping: watch::Receiver<bool>,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("relay", &self.relay).finish_non_exhaustive()
    }
}

/// All routes.
pub fn router(app: App) -> Router {
    let operations = Router::new()
        .route("/products", get(products::list).post(products::create))
        .route("/products/{id}", get(products::show).put(products::update).delete(products::delete))
        .route("/orders", get(orders::list).post(orders::create))
        .route("/orders/{id}", get(orders::show).put(orders::update).delete(orders::delete))
        .route("/brokers", put(brokers::switch))
        .fallback(async || ApiError::no_route())
        .method_not_allowed_fallback(async || ApiError::no_method())
        .layer(from_fn_with_state(app.clone(), request::observe))
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    // Probes and pages are neither traced nor counted.
    let pages = Router::new()
        .route("/", get(page::index))
        .route("/page/style.css", get(page::style))
        .route("/page/script.js", get(page::script))
        .route("/page/icon.svg", get(page::icon))
        .route("/live", get(live::stream))
        .route("/events", get(events::catalog))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::render));
    operations.merge(pages).with_state(app)
}
