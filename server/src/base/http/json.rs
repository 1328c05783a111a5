//! JSON and parameters in, with problems for what can't be read.

use std::time::Duration;

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Problem;
use super::body::GivenUp;
use crate::base::nesting::{JSON_DEPTH, too_deep};

/// A JSON body must be there whole within this time: the longest message, 16 KiB, comes in time by 9 kbit/s.
const JSON_WITHIN: Duration = Duration::from_secs(15);
/// Seconds to wait when the server stops before a body was there.
const STOPPED_FOR: u64 = 2;

/// A JSON body, in or out.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Problem::new(status, "unsupported_media_type", "Send application/json"));
        }
        let reading = tokio::time::timeout(JSON_WITHIN, Bytes::from_request(request, state));
        let bytes = reading.await.map_err(|_| too_slow())?.map_err(|rejection| unread(&rejection))?;
        if too_deep(&bytes) {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "json_too_deep", "The request's JSON is nested too deeply")
                .with("limit", JSON_DEPTH));
        }
        if !is_object(&bytes) {
            return Err(bad_json("a JSON object is expected"));
        }
        match axum::Json::from_bytes(&bytes) {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(bad_json(rejection.body_text())),
        }
    }
}

/// `application/json`, or one of its kind.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.strip_prefix("application/").is_some_and(|kind| kind == "json" || kind.ends_with("+json"))
}

fn too_slow() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "too_slow", "The request's body came too slowly")
}

/// Why a body could not be read.
fn unread(rejection: &BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::too_large();
    }
    broken_off(rejection)
}

/// Why a body was broken off.
pub fn broken_off(error: &(dyn std::error::Error + 'static)) -> Problem {
    match GivenUp::among(error) {
        Some(GivenUp::TooSlow) => too_slow(),
        Some(GivenUp::Stopping) => Problem::busy(STOPPED_FOR),
        None => Problem::bad_request(error.to_string()),
    }
}

/// Every body of ours is an object. A list would be taken for one, its items for the members in their order.
fn is_object(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().first() == Some(&b'{')
}

fn bad_json(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_json", "The request's JSON can't be read").with("detail", detail.into())
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// A part of the path. What can't be an id is the id of nothing.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        found.map(|axum::extract::Path(value)| Self(value)).map_err(|_| Problem::not_found())
    }
}

/// Query parameters.
#[derive(Clone, Copy, Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(Problem::bad_request(rejection.body_text())),
        }
    }
}
