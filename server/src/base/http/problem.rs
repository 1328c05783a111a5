//! Errors as RFC 9457 problem documents. The screen chooses its words from `code`; `title` is for whoever reads the wire.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::base::{db, secret};

/// A refusal or a failure, ready to be sent.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    extra: Map<String, Value>,
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem with a stable code and a short English title.
    pub fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self { status, code, title, extra: Map::new(), retry_after: None }
    }

    /// What doesn't exist, and what the caller may not know of: the same answer to the byte.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is nothing here")
    }

    /// Whether it says that nothing is there.
    pub fn is_not_found(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }

    /// Whether it says that what was sent is not taken, for what it is.
    pub fn is_refusal(&self) -> bool {
        self.status == StatusCode::UNPROCESSABLE_ENTITY
    }

    /// The caller may know of it, but not do this.
    pub fn forbidden() -> Self {
        Self::forbidden_for("forbidden")
    }

    /// The same, with the reason as its code.
    pub fn forbidden_for(code: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, "This is not yours to do")
    }

    /// Nobody is signed in.
    pub fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not_signed_in", "Sign in first")
    }

    /// The request can't be understood; `detail` says what is wrong with it.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", "The request can't be understood").with("detail", detail.into())
    }

    /// The body is larger than a request may be.
    pub fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", "The request is too large")
    }

    /// Understood, and refused for what it says.
    pub fn unprocessable(code: &'static str, title: &'static str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, title)
    }

    /// It clashes with what is there.
    pub fn conflict(code: &'static str, title: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code, title)
    }

    /// Too often. `seconds` until it is worth trying again.
    pub fn too_many(seconds: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", "Too many attempts")
            .with("retry_after", seconds)
            .retry_after(seconds)
    }

    /// The server has more to do than it can; `seconds` until it is worth trying again.
    pub fn busy(seconds: u64) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "The server is busy").with("retry_after", seconds).retry_after(seconds)
    }

    /// Our own failure: told to the log with an id, and to the caller by that id alone.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        let id = secret::hex(&secret::random::<6>());
        tracing::error!(%error, id, "internal error");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something failed here").with("id", id)
    }

    /// Adds a member to the document.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(key.into(), value.into());
        self
    }

    fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The members of the document beside type, title, status and code.
    pub fn extra(&self) -> &Map<String, Value> {
        &self.extra
    }

    /// The document.
    pub fn document(&self) -> Value {
        let mut document = json!({
            "type": format!("urn:egida:problem:{}", self.code),
            "title": self.title,
            "status": self.status.as_u16(),
            "code": self.code,
        });
        if let Value::Object(members) = &mut document {
            members.extend(self.extra.clone());
        }
        document
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = self.document().to_string();
        let mut response = (self.status, body).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<db::Error> for Problem {
    fn from(error: db::Error) -> Self {
        if error.is_busy() { Self::busy(2) } else { Self::internal(&error) }
    }
}

/// What a panic in a handler answers: a failure like any other.
#[expect(clippy::needless_pass_by_value, reason = "the shape the layer asks for")]
pub fn from_panic(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Problem::internal(&said.unwrap_or("panic")).into_response()
}
