//! `/brokers`: takes the embedded brokers away, to see what happens.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use super::App;
use super::body::Body;
use super::error::ApiError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Switch {
    up: bool,
}

pub(super) async fn switch(
    State(app): State<App>,
    Body(Switch { up }): Body<Switch>,
) -> Result<StatusCode, ApiError> {
    app.brokers.switch(up)?;
    Ok(StatusCode::NO_CONTENT)
}
