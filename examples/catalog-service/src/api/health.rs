//! `/health/live` and `/health/ready`, for probes.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tokio::time::timeout;

use super::App;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Serialize)]
pub(super) struct Health {
    ok: bool,
    /// What is wrong, if anything is.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

fn answer(ok: bool, reason: Option<String>) -> (StatusCode, Json<Health>) {
    let status = if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Health { ok, reason }))
}

/// Whether the process works; if it does not, only a restart helps.
pub(super) async fn live(State(app): State<App>) -> (StatusCode, Json<Health>) {
    let health = app.relay.health();
    answer(health.live, health.reason)
}

/// Whether requests can be served: the database answers, and Kafka refuses nothing. It may be away; events wait then.
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, Json<Health>) {
    if *app.stopping.borrow() {
        return answer(false, Some("the service is stopping".to_owned()));
    }
    match timeout(PATIENCE, app.database.ping()).await {
        Ok(Ok(())) => {
            let health = app.relay.health();
            answer(health.ready, health.reason)
        }
        Ok(Err(error)) => answer(false, Some(error.to_string())),
        Err(_) => answer(false, Some(format!("the database does not answer within {PATIENCE:?}"))),
    }
}
