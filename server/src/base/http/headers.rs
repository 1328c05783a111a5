//! What every answer carries, and what every request must prove (controls 1 and 11 of the threat model).

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use http_body_util::BodyExt;

use super::Problem;

/// Scripts, styles and connections from here only; nothing inline; DOM sinks take checked values only.
fn content_security_policy() -> &'static str {
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; \
     manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types svelte-trusted-html egida egida-worker"
}

/// Bytes of a body too large that are taken off the line before it is refused.
const TAKEN_OFF: usize = 4 * 1024 * 1024;
/// It is taken off for this long.
const TAKEN_WITHIN: Duration = Duration::from_secs(5);

const HARDENING: [(&str, &str); 8] = [
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"),
    ("x-permitted-cross-domain-policies", "none"),
];

/// How far browsers are bound to TLS, for a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hsts {
    /// Not at all: they reach us by plain HTTP.
    None,
    /// For our own name.
    Host,
    /// For all names below it, too, which the operator answers for.
    Subdomains,
}

impl Hsts {
    fn promise(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Host => Some("max-age=31536000"),
            Self::Subdomains => Some("max-age=31536000; includeSubDomains"),
        }
    }
}

/// Puts the hardening headers on every answer, errors included, and forbids every cache to keep what has none of its own.
pub async fn harden(State(hsts): State<Hsts>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HARDENING {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(content_security_policy()));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
    if let Some(promise) = hsts.promise() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(promise));
    }
    response
}

/// Refuses requests that another site may have made: a foreign `Origin` or `Sec-Fetch-Site` on a write, a foreign
/// `Origin` on the socket, and on the socket with a cookie also none at all. Decided before any session is looked up.
pub async fn guard_requests(State(origin): State<Option<Arc<str>>>, request: Request, next: Next) -> Response {
    let cross_site = || Problem::new(StatusCode::FORBIDDEN, "cross_site", "This request came from another site").into_response();
    let headers = request.headers();
    let origins = headers.get_all(header::ORIGIN).iter().count();
    let same_origin = origins <= 1 && headers.get(header::ORIGIN).is_none_or(|found| is_own(found, headers, origin.as_deref()));
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let fetch_site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let socket = asks_for_socket(headers);
    if !same_origin && (socket || !reads) {
        return cross_site();
    }
    if !reads && !matches!(fetch_site, None | Some(b"same-origin" | b"none")) {
        return cross_site();
    }
    // A cookie is sent by a browser, and a browser says where a socket is opened from.
    if socket && origins == 0 && headers.contains_key(header::COOKIE) {
        return cross_site();
    }
    next.run(request).await
}

/// Whether an upgrade to a WebSocket is asked for. Other upgrades (`h2c`) are nothing we do, and are passed over.
fn asks_for_socket(headers: &HeaderMap) -> bool {
    let named = headers.get_all(header::UPGRADE).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    named.into_iter().any(|name| name.trim_ascii().eq_ignore_ascii_case(b"websocket"))
}

/// How large the body of a request with this method to this path may say that it is (bytes).
pub type Allowance = fn(&Method, &str) -> usize;

/// Refuses a body that says it is too large. What is already on its way is taken off the line first, so that the client
/// reads the answer and not a broken connection.
pub async fn refuse_large(State(allowance): State<Allowance>, request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_none_or(|length| length <= allowance(request.method(), request.uri().path())) {
        return next.run(request).await;
    }
    let mut body = request.into_body();
    let taking = async {
        let mut taken = 0;
        while let Some(Ok(frame)) = body.frame().await {
            taken += frame.data_ref().map_or(0, bytes::Bytes::len);
            if taken > TAKEN_OFF {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(TAKEN_WITHIN, taking).await;
    Problem::too_large().into_response()
}

/// Whether `found` is our own origin: the configured one to the letter, or, where none is configured, the one that the
/// request itself was sent to.
fn is_own(found: &HeaderValue, headers: &HeaderMap, configured: Option<&str>) -> bool {
    match configured {
        Some(origin) => found.as_bytes() == origin.as_bytes(),
        None => headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .is_some_and(|host| found.as_bytes() == format!("http://{host}").as_bytes()),
    }
}
