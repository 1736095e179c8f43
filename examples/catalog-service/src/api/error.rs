//! What went wrong, as JSON: problem details as in RFC 9457.

use std::error::Error;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use entity_events::{ErrorKind, PublishError};
use serde::Serialize;

use crate::domain::interfaces::StorageError;
use crate::domain::order::OrderError;
use crate::domain::product::ProductError;
use crate::domain::value::InvalidValue;
use crate::infrastructure::kafka::SwitchError;

/// An answer that is no success, and says what to do.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    detail: String,
    /// The field of the body that is wrong.
    field: Option<&'static str>,
}

#[derive(Serialize)]
struct Problem<'a> {
    title: &'a str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), field: None }
    }

    pub(super) fn no_route() -> Self {
        let detail = "there is nothing here; use `/products`, `/orders`, `/events`, or `/` for a page";
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    pub(super) fn no_method() -> Self {
        let detail = "this is not done here; use GET or POST for all, and GET, PUT or DELETE for one";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, detail)
    }

    /// Something failed for which the caller can do nothing. What it was is in the log alone.
    fn unavailable(error: &dyn Error, is_temporary: bool) -> Self {
        tracing::error!(%error, is_temporary, "request failed");
        if is_temporary {
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "nothing was changed; try again in a moment")
        } else {
            Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "nothing was changed; report it with `x-correlation-id`",
            )
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Self { status, detail, field } = self;
        let title = status.canonical_reason().unwrap_or_default();
        let problem = Problem { title, status: status.as_u16(), detail: &detail, field };
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
        }
        response
    }
}

impl From<InvalidValue> for ApiError {
    fn from(error: InvalidValue) -> Self {
        let detail = error.to_string();
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, detail, field: Some(error.field) }
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        Self::unavailable(&error, error.is_temporary)
    }
}

impl From<PublishError> for ApiError {
    fn from(error: PublishError) -> Self {
        if error.kind() == ErrorKind::Unknown {
            tracing::error!(%error, "the outcome of a request is unknown");
            let detail = "the change may have been made; look before you try again";
            return Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail);
        }
        Self::unavailable(&error, error.kind() == ErrorKind::Retriable)
    }
}

impl From<ProductError> for ApiError {
    fn from(error: ProductError) -> Self {
        match error {
            ProductError::Invalid(error) => error.into(),
            ProductError::NotFound(_) => {
                Self::new(StatusCode::NOT_FOUND, format!("{error}; list them with GET `/products`"))
            }
            ProductError::Ordered(_) => Self::new(StatusCode::CONFLICT, error.to_string()),
            ProductError::Storage(error) => error.into(),
            ProductError::Publish(error) => error.into(),
        }
    }
}

impl From<OrderError> for ApiError {
    fn from(error: OrderError) -> Self {
        match error {
            OrderError::Invalid(error) => error.into(),
            OrderError::NotFound(_) => {
                Self::new(StatusCode::NOT_FOUND, format!("{error}; list them with GET `/orders`"))
            }
            OrderError::NoProduct(_) => Self::new(StatusCode::CONFLICT, error.to_string()),
            OrderError::Storage(error) => error.into(),
            OrderError::Publish(error) => error.into(),
        }
    }
}

impl From<SwitchError> for ApiError {
    fn from(error: SwitchError) -> Self {
        Self::new(StatusCode::CONFLICT, error.to_string())
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        // The reason alone, which names the field and the place.
        let because = |error: &dyn Error| error.source().map(ToString::to_string).unwrap_or_default();
        let detail = match &rejection {
            JsonRejection::MissingJsonContentType(_) => {
                "send it with `content-type: application/json`".to_owned()
            }
            JsonRejection::JsonDataError(error) => because(error),
            JsonRejection::JsonSyntaxError(error) => format!("the body is not JSON: {}", because(error)),
            other => other.body_text(),
        };
        Self::new(rejection.status(), detail)
    }
}
