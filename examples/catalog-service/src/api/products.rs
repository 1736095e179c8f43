//! `/products`

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

use super::App;
use super::body::Body;
use super::error::ApiError;
use super::id::Id;
use crate::domain::correlation::CorrelationId;
use crate::domain::product::operations::{ProductDetails, create_product, delete_product, update_product};
use crate::domain::product::{Note, Product, ProductError, ProductId};

/// How many are listed.
const MOST: u32 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductBody {
    name: String,
    price_cents: i64,
    note: Option<String>,
}

#[derive(Serialize)]
pub(super) struct ProductView {
    id: ProductId,
    name: String,
    price_cents: u32,
    note: Option<String>,
}

impl ProductBody {
    fn details(&self) -> Result<ProductDetails, ApiError> {
        Ok(ProductDetails::new(&self.name, self.price_cents, self.note.as_deref())?)
    }
}

impl From<Product> for ProductView {
    fn from(product: Product) -> Self {
        Self {
            id: product.id,
            name: product.name.as_str().to_owned(),
            price_cents: product.price.cents(),
            note: product.note.as_ref().map(Note::as_str).map(str::to_owned),
        }
    }
}

pub(super) async fn create(
    State(app): State<App>,
    Extension(request): Extension<CorrelationId>,
    Body(body): Body<ProductBody>,
) -> Result<impl IntoResponse, ApiError> {
    let details = body.details()?;
    let work = app.database.begin().await?;
    let outcome = create_product(details, work.products(), work.events(), request).await;
    let product = work.finish(outcome).await?;
    let location = format!("/products/{}", product.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(ProductView::from(product))))
}

pub(super) async fn update(
    State(app): State<App>,
    Extension(request): Extension<CorrelationId>,
    Id(id): Id<ProductId>,
    Body(body): Body<ProductBody>,
) -> Result<Json<ProductView>, ApiError> {
    let details = body.details()?;
    let work = app.database.begin().await?;
    let outcome = update_product(id, details, work.products(), work.events(), request).await;
    Ok(Json(work.finish(outcome).await?.into()))
}

pub(super) async fn delete(
    State(app): State<App>,
    Extension(request): Extension<CorrelationId>,
    Id(id): Id<ProductId>,
) -> Result<StatusCode, ApiError> {
    let work = app.database.begin().await?;
    let outcome = delete_product(id, work.products(), work.orders(), work.events(), request).await;
    work.finish(outcome).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn show(
    State(app): State<App>,
    Id(id): Id<ProductId>,
) -> Result<Json<ProductView>, ApiError> {
    let work = app.database.read().await?;
    let product = work.products().find(id).await?.ok_or(ProductError::NotFound(id))?;
    Ok(Json(product.into()))
}

pub(super) async fn list(State(app): State<App>) -> Result<Json<Vec<ProductView>>, ApiError> {
    let work = app.database.read().await?;
    let products = work.products().newest(MOST).await?;
    Ok(Json(products.into_iter().map(ProductView::from).collect()))
}
