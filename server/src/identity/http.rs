//! Signing in and out, one's own sessions and profile, and [`Caller`].

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Account, EMAIL_MAX, LANGUAGES, Me, NAME_MAX, PASSWORD_MIN, password_problem};
use super::password::{Busy, Hasher};
use super::sessions::{self, IDLE};
use super::store;
use super::tries::Tries;
use crate::access::{Actor, Decision, RegionAction, may_in_region};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::http::{Json, Page, Path, Peer, Problem};
use crate::base::{db, secret, text};
use crate::context::Ctx;

/// Seconds to wait when hashing is in demand.
const BUSY_FOR: u64 = 2;
/// Seconds to wait after too many attempts.
const ATTEMPTS_FOR: u64 = 30;

/// Who makes the request: an active account, by a session or by an integration's token.
#[derive(Clone)]
pub struct Caller {
    /// The person.
    pub actor: Arc<Actor>,
    /// The session or token, by which its sockets can be ended.
    pub credential: Uuid,
}

impl Caller {
    /// The account.
    pub fn account(&self) -> Uuid {
        self.actor.account
    }

    /// Refuses what this person may not do in the region, with the reason.
    pub fn allow(&self, action: RegionAction<'_>) -> Result<(), Problem> {
        match may_in_region(&self.actor, action) {
            Decision::Allow => Ok(()),
            Decision::Forbid(code) => Err(Problem::forbidden_for(code)),
            Decision::Hide => Err(Problem::not_found()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    Ctx: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let ctx = Ctx::from_ref(state);
        let (account, credential) = if let Some(token) = bearer(&parts.headers) {
            let found = store::token(&mut ctx.db.read().await?, &secret::hash(token)).await?;
            let (id, account) = found.ok_or_else(Problem::not_signed_in)?;
            (account, id)
        } else {
            let session = parts.extensions.get::<Session>().ok_or_else(Problem::not_signed_in)?;
            let holder = sessions::holder(session).await?.ok_or_else(Problem::not_signed_in)?;
            (holder.account, holder.session)
        };
        let actor = ctx.standing.actor(account).await?.ok_or_else(Problem::not_signed_in)?;
        Ok(Self { actor, credential })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    // The name of a scheme is the same in capitals (RFC 9110, 11.1).
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// What signing in needs beside the context.
#[derive(Clone)]
struct Door {
    ctx: Ctx,
    hasher: Hasher,
    tries: Arc<Tries>,
}

impl FromRef<Door> for Ctx {
    fn from_ref(door: &Door) -> Self {
        door.ctx.clone()
    }
}

/// The routes of this slice.
pub fn router(ctx: Ctx, hasher: Hasher) -> OpenApiRouter {
    let tries = Arc::new(Tries::new(ctx.limits));
    let door = Door { ctx, hasher, tries };
    OpenApiRouter::new()
        .routes(routes!(sign_in, whoami, sign_out))
        .routes(routes!(list_sessions, sign_out_everywhere))
        .routes(routes!(end_session))
        .routes(routes!(change_password))
        .routes(routes!(change_profile))
        .with_state(door)
}

/// E-mail address and password.
#[derive(Deserialize, ToSchema)]
struct Credentials {
    email: String,
    password: String,
    /// The second factor; unused until there is one.
    #[serde(default, rename = "code")]
    _code: Option<String>,
}

/// Signs in. Unknown address, wrong password and suspended account are answered the same, after the same work.
#[utoipa::path(post, path = "/api/session", tag = "identity", request_body = Credentials,
    responses((status = 200, body = Me), (status = 401), (status = 429), (status = 503)))]
async fn sign_in(
    State(door): State<Door>,
    session: Session,
    peer: Option<axum::Extension<Peer>>,
    headers: HeaderMap,
    Json(credentials): Json<Credentials>,
) -> Result<Json<Me>, Problem> {
    let email = credentials.email.trim().to_lowercase();
    let address = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |axum::Extension(Peer(address))| address);
    let begun = door.tries.sign_in(&email, address, door.ctx.now()).ok_or_else(|| Problem::too_many(ATTEMPTS_FOR))?;
    let found = known(&door.ctx, &email).await?;
    let (account, hash) = found.filter(|(account, _)| account.status == "active").unzip();
    let verified = door.hasher.verify(credentials.password, hash).await;
    // Failures count, and nothing else: not what was right, and not what nobody had time for.
    if !matches!(verified, Ok(false)) {
        door.tries.forgive(&begun, door.ctx.now());
    }
    let right = verified.map_err(|Busy| Problem::busy(BUSY_FOR))?;
    let account = account.filter(|_| right).ok_or_else(sign_in_failed)?;
    sessions::sign_in(&session, &door.ctx, account.id, &label(&headers)).await?;
    record(&door.ctx, account.id, "session.begin").await?;
    own(&door.ctx, account.id).await
}

/// The account with this address and its password hash. No account has an address longer than an address can be: that
/// is not worth a look, and is answered like any other that is unknown.
async fn known(ctx: &Ctx, email: &str) -> db::Result<Option<(Account, String)>> {
    if email.len() > EMAIL_MAX {
        return Ok(None);
    }
    store::account_by_email(&mut ctx.db.read().await?, email).await
}

fn sign_in_failed() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "sign_in_failed", "E-mail address or password is wrong")
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/session", tag = "identity", responses((status = 200, body = Me), (status = 401)))]
async fn whoami(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Me>, Problem> {
    own(&ctx, caller.account()).await
}

/// Signs out. Without a session there is nothing to do.
#[utoipa::path(delete, path = "/api/session", tag = "identity", responses((status = 204)))]
async fn sign_out(session: Session) -> Result<Response, Problem> {
    session.flush().await.map_err(|error| Problem::internal(&error))?;
    Ok(cleared())
}

/// A browser that is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
struct OwnSession {
    id: Uuid,
    /// Browser and system.
    label: String,
    created_at: String,
    last_seen_at: String,
    expires_at: String,
    /// Whether it is the one that asks.
    current: bool,
}

/// One's own sessions, last seen first.
#[utoipa::path(get, path = "/api/sessions", tag = "identity", responses((status = 200, body = Page<OwnSession>), (status = 401)))]
async fn list_sessions(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Page<OwnSession>>, Problem> {
    let now = ctx.now();
    let rows = store::sessions_of(&mut ctx.db.read().await?, caller.account(), now, now - IDLE).await?;
    let items = rows.into_iter().map(|row| OwnSession {
        id: row.id,
        label: row.label,
        created_at: rfc3339(row.created_at),
        last_seen_at: rfc3339(row.last_seen_at),
        expires_at: rfc3339(row.expires_at),
        current: row.id == caller.credential,
    });
    Ok(Json(Page::whole(items.collect())))
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/api/sessions/{id}", tag = "identity", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 404)))]
async fn end_session(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let account = caller.account();
    let db = ctx.db.clone();
    let ended: db::Result<bool> = db
        .write(async move |tx| {
            let ended = store::delete_own_session(tx, account, id).await?;
            if ended {
                sessions::end_sockets(tx, &ctx, vec![id]);
            }
            Ok(ended)
        })
        .await;
    if ended? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// Signs out everywhere, here too.
#[utoipa::path(delete, path = "/api/sessions", tag = "identity", responses((status = 204), (status = 401)))]
async fn sign_out_everywhere(State(ctx): State<Ctx>, caller: Caller, session: Session) -> Result<Response, Problem> {
    let account = caller.account();
    let db = ctx.db.clone();
    let ended: db::Result<()> = db
        .write(async move |tx| {
            sessions::end_sessions(tx, &ctx, account, None).await?;
            audit::record(tx, act(&ctx, account, "session.end_all")).await
        })
        .await;
    ended?;
    session.flush().await.map_err(|error| Problem::internal(&error))?;
    Ok(cleared())
}

/// The old and the new password.
#[derive(Deserialize, ToSchema)]
struct NewPassword {
    current: String,
    new: String,
}

/// Changes one's own password. All other sessions end.
#[utoipa::path(put, path = "/api/me/password", tag = "identity", request_body = NewPassword,
    responses((status = 204), (status = 401), (status = 422), (status = 429)))]
async fn change_password(State(door): State<Door>, caller: Caller, Json(wish): Json<NewPassword>) -> Result<StatusCode, Problem> {
    let account = caller.account();
    let busy = |Busy| Problem::busy(BUSY_FOR);
    let stored = store::password(&mut door.ctx.db.read().await?, account).await?;
    let (email, hash) = stored.ok_or_else(Problem::not_signed_in)?;
    if !door.tries.prove(account, door.ctx.now()) {
        return Err(Problem::too_many(ATTEMPTS_FOR));
    }
    let verified = door.hasher.verify(wish.current, Some(hash)).await;
    if !matches!(verified, Ok(false)) {
        door.tries.forgive_proof(account, door.ctx.now());
    }
    if !verified.map_err(busy)? {
        return Err(sign_in_failed());
    }
    if let Some(code) = password_problem(&wish.new, &email) {
        return Err(Problem::unprocessable(code, "This password can't be used").with("min", PASSWORD_MIN));
    }
    let hash = door.hasher.hash(wish.new).await.map_err(busy)?;
    let ctx = door.ctx.clone();
    let changed: db::Result<()> = door
        .ctx
        .db
        .write(async move |tx| {
            store::set_password(tx, account, &hash).await?;
            sessions::end_sessions(tx, &ctx, account, Some(caller.credential)).await?;
            audit::record(tx, act(&ctx, account, "account.password")).await
        })
        .await;
    changed?;
    Ok(StatusCode::NO_CONTENT)
}

/// What one may change about oneself.
#[derive(Deserialize, ToSchema)]
struct Profile {
    name: Option<String>,
    language: Option<String>,
}

/// Changes one's own profile.
#[utoipa::path(patch, path = "/api/me", tag = "identity", request_body = Profile,
    responses((status = 200, body = Me), (status = 401), (status = 422)))]
async fn change_profile(State(ctx): State<Ctx>, caller: Caller, Json(wish): Json<Profile>) -> Result<Json<Me>, Problem> {
    let account = caller.account();
    let name = wish
        .name
        .map(|name| text::line(&name, NAME_MAX).ok_or_else(|| Problem::unprocessable("name_invalid", "This name can't be used")))
        .transpose()?;
    if wish.language.as_deref().is_some_and(|language| !LANGUAGES.contains(&language)) {
        return Err(Problem::unprocessable("language_unknown", "There is no catalogue in this language"));
    }
    let changed: db::Result<()> = {
        let ctx = ctx.clone();
        let db = ctx.db.clone();
        db.write(async move |tx| {
            ctx.standing.actor_changes(tx, account);
            store::set_profile(tx, account, name.as_deref(), wish.language.as_deref()).await
        })
        .await
    };
    changed?;
    own(&ctx, account).await
}

async fn own(ctx: &Ctx, account: Uuid) -> Result<Json<Me>, Problem> {
    let me = super::me(&mut ctx.db.read().await?, account).await?;
    me.map(Json).ok_or_else(Problem::not_signed_in)
}

async fn record(ctx: &Ctx, account: Uuid, what: &'static str) -> db::Result<()> {
    let ctx = ctx.clone();
    let db = ctx.db.clone();
    db.write(async move |tx| audit::record(tx, act(&ctx, account, what)).await).await
}

fn act<'a>(ctx: &Ctx, account: Uuid, what: &'a str) -> Act<'a> {
    Act { at: ctx.now(), actor: Some(account), what, target: format!("account:{account}"), detail: String::new() }
}

/// 204, and the browser forgets everything it kept of us.
fn cleared() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    response
}

/// Browser and system from the `User-Agent`, in two words.
pub fn label(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let first =
        |known: &[(&'static str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = first(&[("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.into(),
        (None, None) => "?".into(),
    }
}
