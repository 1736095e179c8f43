//! `/orders`

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::App;
use super::body::Body;
use super::error::ApiError;
use super::id::Id;
use crate::domain::correlation::CorrelationId;
use crate::domain::order::operations::{NewOrder, create_order, delete_order, update_order};
use crate::domain::order::{Order, OrderError, OrderId, Quantity};
use crate::domain::product::ProductId;

/// How many are listed.
const MOST: u32 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOrderBody {
    product_id: Uuid,
    customer: String,
    quantity: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderBody {
    quantity: i64,
}

#[derive(Serialize)]
pub(super) struct OrderView {
    id: OrderId,
    product_id: ProductId,
    customer: String,
    quantity: u32,
}

impl From<Order> for OrderView {
    fn from(order: Order) -> Self {
        Self {
            id: order.id,
            product_id: order.product_id,
            customer: order.customer.as_str().to_owned(),
            quantity: order.quantity.count(),
        }
    }
}

pub(super) async fn create(
    State(app): State<App>,
    Extension(request): Extension<CorrelationId>,
    Body(body): Body<NewOrderBody>,
) -> Result<impl IntoResponse, ApiError> {
    let new = NewOrder::new(body.product_id.into(), &body.customer, body.quantity)?;
    let work = app.database.begin().await?;
    let outcome = create_order(new, work.orders(), work.products(), work.events(), request).await;
    let order = work.finish(outcome).await?;
    let location = format!("/orders/{}", order.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(OrderView::from(order))))
}

pub(super) async fn update(
    State(app): State<App>,
    Extension(request): Extension<CorrelationId>,
    Id(id): Id<OrderId>,
    Body(body): Body<OrderBody>,
) -> Result<Json<OrderView>, ApiError> {
    let quantity = Quantity::new(body.quantity)?;
    let work = app.database.begin().await?;
    let outcome = update_order(id, quantity, work.orders(), work.products(), work.events(), request).await;
    Ok(Json(work.finish(outcome).await?.into()))
}

pub(super) async fn delete(
    State(app): State<App>,
    Extension(request): Extension<CorrelationId>,
    Id(id): Id<OrderId>,
) -> Result<StatusCode, ApiError> {
    let work = app.database.begin().await?;
    let outcome = delete_order(id, work.orders(), work.products(), work.events(), request).await;
    work.finish(outcome).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn show(State(app): State<App>, Id(id): Id<OrderId>) -> Result<Json<OrderView>, ApiError> {
    let work = app.database.read().await?;
    let order = work.orders().find(id).await?.ok_or(OrderError::NotFound(id))?;
    Ok(Json(order.into()))
}

pub(super) async fn list(State(app): State<App>) -> Result<Json<Vec<OrderView>>, ApiError> {
    let work = app.database.read().await?;
    let orders = work.orders().newest(MOST).await?;
    Ok(Json(orders.into_iter().map(OrderView::from).collect()))
}
