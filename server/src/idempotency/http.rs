//! The layer around the routes.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::KEPT_FOR;
use super::model::{fingerprint, is_kept, is_key, is_settled};
use super::store::{self, Answer};
use crate::base::db;
use crate::base::http::Problem;
use crate::base::limits::REQUEST_BODY;
use crate::context::Ctx;
use crate::identity::Caller;

/// The request's header.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// On an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// An account and what is kept of its key.
type Slot = (Uuid, [u8; 32]);

/// Where keys are looked at.
#[derive(Clone)]
pub struct Desk {
    ctx: Ctx,
    under_way: Arc<Mutex<HashSet<Slot>>>,
}

impl Desk {
    /// A desk with nothing under way.
    pub fn new(ctx: Ctx) -> Self {
        Self { ctx, under_way: Arc::default() }
    }

    /// Takes a slot for as long as the claim lives; `None` while somebody else has it.
    fn claim(&self, slot: Slot) -> Option<Claim> {
        let free = self.under_way.lock().unwrap_or_else(PoisonError::into_inner).insert(slot);
        free.then(|| Claim { slot, under_way: self.under_way.clone() })
    }
}

struct Claim {
    slot: Slot,
    under_way: Arc<Mutex<HashSet<Slot>>>,
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.slot);
    }
}

/// Answers a request that was answered before under the same key, and keeps the answers of others that come with one.
/// Requests without a key pass.
pub async fn replay(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    if !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if !is_kept(request.method().as_str(), route) {
        return next.run(request).await;
    }
    with_key(desk, request, next).await.unwrap_or_else(Problem::into_response)
}

async fn with_key(desk: Desk, request: Request, next: Next) -> Result<Response, Problem> {
    let mut keys = request.headers().get_all(KEY).iter();
    let key = match (keys.next().map(HeaderValue::as_bytes), keys.next()) {
        (Some(key), None) if is_key(key) => Sha256::digest(key).into(),
        _ => return Err(Problem::bad_request("Idempotency-Key must be one of 1 to 128 visible ASCII characters")),
    };
    let (mut parts, body) = request.into_parts();
    let Ok(caller) = Caller::from_request_parts(&mut parts, &desk.ctx).await else {
        // Nobody's key: the route itself says that somebody must sign in first.
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let body = to_bytes(body, REQUEST_BODY).await.map_err(|_| Problem::too_large())?;
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let asked = fingerprint(parts.method.as_str(), path, &body);
    let account = caller.account();
    let claim = desk
        .claim((account, key))
        .ok_or_else(|| Problem::conflict("idempotency_in_progress", "The request with this key is still being carried out"))?;
    let after = desk.ctx.now() - KEPT_FOR;
    if let Some(answer) = store::find(&mut desk.ctx.db.read().await?, account, &key, after).await? {
        return again(answer, &asked);
    }
    let request = Request::from_parts(parts, Body::from(body));
    // A task of its own: whoever asks may hang up, and will then ask again; what was begun must be known by its key.
    let done = tokio::spawn(async move {
        let response = next.run(request).await;
        let kept = keep(&desk.ctx, claim.slot, &asked, response).await;
        drop(claim);
        kept
    });
    done.await.unwrap_or_else(|failed| match failed.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(stopped) => Err(Problem::internal(&stopped)),
    })
}

/// The answer once more, if it was given to this very request.
fn again(answer: Answer, asked: &[u8]) -> Result<Response, Problem> {
    if answer.request_hash != asked {
        return Err(Problem::unprocessable("idempotency_mismatch", "This key belongs to another request"));
    }
    let status = u16::try_from(answer.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let status = status.ok_or_else(|| Problem::internal(&"a kept answer without a status"))?;
    let mut response = (status, answer.body).into_response();
    let kind = answer.content_type.as_deref().and_then(|kind| HeaderValue::from_str(kind).ok());
    let headers = response.headers_mut();
    match kind {
        Some(kind) => headers.insert(header::CONTENT_TYPE, kind),
        None => headers.remove(header::CONTENT_TYPE),
    };
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// Keeps an answer, unless asking again may be answered better, and hands it on.
async fn keep(ctx: &Ctx, (account, key): Slot, asked: &[u8], response: Response) -> Result<Response, Problem> {
    let settled = is_settled(response.status().as_u16()) && !response.headers().contains_key(header::SET_COOKIE);
    if !settled {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|error| Problem::internal(&error))?;
    let answer = Answer {
        request_hash: asked.to_vec(),
        status: parts.status.as_u16().into(),
        content_type: parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).map(ToOwned::to_owned),
        body: body.to_vec(),
    };
    let now = ctx.now();
    let kept: db::Result<()> = ctx.db.write(async move |tx| store::keep(tx, account, &key, &answer, now).await).await;
    if let Err(error) = kept {
        // It is done all the same, and says so.
        tracing::warn!(%error, "an answer could not be kept");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}
