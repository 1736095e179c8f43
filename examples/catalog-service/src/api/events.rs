//! `/events`: what the service publishes, for those who read it.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Html;

use super::App;

pub(super) async fn catalog(State(app): State<App>) -> Html<Bytes> {
    Html(app.catalog)
}
