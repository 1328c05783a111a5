//! The browser's UI, embedded: hashed assets for ever, the page itself always fresh.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::base::http::Problem;
use crate::base::secret;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../web/dist"]
#[allow_missing = true]
struct Files;

const PAGE: &str = "index.html";
/// Compressed twins that the build puts beside a file, best first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Serves a file of the UI. Every other path is the page itself: the browser's router knows it.
pub(crate) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") || path == "api" || !matches!(method, Method::GET | Method::HEAD) {
        return Problem::not_found().into_response();
    }
    let name = if path.is_empty() { PAGE } else { path };
    match find(name, &headers) {
        Some(found) => answer(name, found, &headers),
        // A missing asset is missing; a missing page is a place in the app.
        None if name.starts_with("assets/") => Problem::not_found().into_response(),
        None => match find(PAGE, &headers) {
            Some(found) => answer(PAGE, found, &headers),
            None => (StatusCode::NOT_FOUND, "The UI was not built into this binary: build web/ first.").into_response(),
        },
    }
}

type Found = (EmbeddedFile, Option<&'static str>);

fn find(name: &str, headers: &HeaderMap) -> Option<Found> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let encoded = ENCODINGS
        .iter()
        .filter(|(encoding, _)| {
            accepted.split(',').any(|offer| offer.split(';').next().is_some_and(|offer| offer.trim() == *encoding))
        })
        .find_map(|(encoding, ending)| Some((Files::get(&format!("{name}{ending}"))?, Some(*encoding))));
    encoded.or_else(|| Some((Files::get(name)?, None)))
}

fn answer(name: &str, (file, encoding): Found, headers: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    let tag = format!("\"{}\"", secret::hex(&hash[..12]));
    let unchanged = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if unchanged { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(file.data).into_response() };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let keep = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
