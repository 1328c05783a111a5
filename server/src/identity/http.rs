//! Signing in and out, one's own sessions and profile, and [`Caller`].

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, OnceLock};

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

use super::choice::{PASSWORD_MIN, password_problem};
use super::entry;
use super::factors::{self, Factors, Proof};
use super::model::{Account, EMAIL_MAX, LANGUAGES, Me, NAME_MAX};
use super::notices::{self, Kind};
use super::password::{self, Busy, Hasher, NO_PASSWORD, Turn};
use super::providers::{self, Desk};
use super::rescue;
use super::sessions::{self, act};
use super::store;
use super::tries::Tries;
use crate::access::{Actor, Decision, RegionAction, awake_in, may_in_region, without_powers};
use crate::audit;
use crate::base::clock::rfc3339;
use crate::base::http::{Json, Page, Path, Peer, Problem};
use crate::base::{db, guard, secret, text};
use crate::context::Ctx;

/// Seconds to wait when hashing is in demand.
const BUSY_FOR: u64 = 2;
/// Seconds to wait after too many attempts.
const ATTEMPTS_FOR: u64 = 30;

/// Left empty in a request by whoever wants to know afterwards who has made it.
#[derive(Clone, Debug, Default)]
pub struct Asker(Arc<OnceLock<Uuid>>);

impl Asker {
    /// The account, once it is known.
    pub fn account(&self) -> Option<Uuid> {
        self.0.get().copied()
    }

    fn is(&self, account: Uuid) {
        // Asked for twice in a request, it is the same account.
        let _ = self.0.set(account);
    }
}

/// Who makes the request: an active account, by a session or by an integration's token.
#[derive(Clone)]
pub struct Caller {
    /// The person; without powers where those sleep.
    pub actor: Arc<Actor>,
    /// The session or token, by which its sockets can be ended.
    pub credential: Uuid,
    /// By a token. The operator makes those on the machine itself, for a program: they have no second factor, sleep never
    /// and need no step-up, and may not change how their person proves who they are.
    pub by_token: bool,
    /// Begun or confirmed with a second factor.
    pub strong: bool,
    /// Whether the person has proven who they are within the last ten minutes.
    pub(super) stepped_up: bool,
}

impl Caller {
    /// The account.
    pub fn account(&self) -> Uuid {
        self.actor.account
    }

    /// Somebody on a socket. No frame uses a power, so none is brought along: nobody has to ask there whether it sleeps.
    pub fn by_socket(actor: Arc<Actor>, credential: Uuid) -> Self {
        let actor = if actor.grants.is_empty() { actor } else { Arc::new(without_powers(&actor)) };
        Self { actor, credential, by_token: false, strong: false, stepped_up: false }
    }

    /// Somebody who has just proven who they are.
    #[cfg(test)]
    pub fn in_person(actor: Arc<Actor>, credential: Uuid) -> Self {
        Self { actor, credential, by_token: false, strong: true, stepped_up: true }
    }

    /// The same after something about them has changed, such as a membership.
    pub async fn renewed(self, ctx: &Ctx) -> Result<Self, Problem> {
        let actor = ctx.standing.actor(self.account()).await?.ok_or_else(Problem::not_signed_in)?;
        let actor = awake_in(actor, self.strong, ctx.standing.second_factor().await?, ctx.now());
        Ok(Self { actor, ..self })
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
        let (account, credential, by_token, strong, stepped_up) = if let Some(token) = bearer(&parts.headers) {
            let found = store::token(&mut ctx.db.read().await?, &secret::hash(token)).await?;
            let (id, account) = found.ok_or_else(Problem::not_signed_in)?;
            (account, id, true, true, true)
        } else {
            let session = parts.extensions.get::<Session>().ok_or_else(Problem::not_signed_in)?;
            let holder = sessions::holder(session).await?.ok_or_else(Problem::not_signed_in)?;
            (holder.account, holder.session, false, holder.strong, holder.stepped_up(ctx.now()))
        };
        let actor = ctx.standing.actor(account).await?.ok_or_else(Problem::not_signed_in)?;
        if let Some(asker) = parts.extensions.get::<Asker>() {
            asker.is(account);
        }
        let actor = awake_in(actor, strong, ctx.standing.second_factor().await?, ctx.now());
        Ok(Self { actor, credential, by_token, strong, stepped_up })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    // The name of a scheme is the same in capitals (RFC 9110, 11.1).
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// What signing in needs beside the context.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) ctx: Ctx,
    pub(super) factors: Arc<Factors>,
    hasher: Hasher,
    tries: Arc<Tries>,
}

impl Door {
    /// Counts an attempt of somebody from an address, whoever they are.
    pub(super) fn limit_address(&self, address: IpAddr) -> Result<(), Problem> {
        let allowed = self.tries.anybody_from(address, self.ctx.now());
        if allowed { Ok(()) } else { Err(Problem::too_many(ATTEMPTS_FOR)) }
    }

    /// The hash of a password that somebody has chosen for an account.
    pub(super) async fn chosen(&self, password: String, email: &str, name: &str) -> Result<String, Problem> {
        if let Some(code) = password_problem(&password, email, name) {
            return Err(Problem::unprocessable(code, "This password can't be used").with("min", PASSWORD_MIN));
        }
        self.hasher.hash(password).await.map_err(|Busy| Problem::busy(BUSY_FOR))
    }

    fn turn(&self) -> Result<Turn, Problem> {
        self.hasher.turn().map_err(|Busy| Problem::busy(BUSY_FOR))
    }

    /// Whether somebody who is signed in knows their password.
    pub(super) async fn own_password(&self, account: Uuid, password: String) -> Result<bool, Problem> {
        let turn = self.turn()?;
        let stored = store::password(&mut self.ctx.db.read().await?, account).await?;
        let (_, hash) = stored.ok_or_else(Problem::not_signed_in)?;
        if !self.tries.prove(account, self.ctx.now()) {
            return Err(Problem::too_many(ATTEMPTS_FOR));
        }
        let verified = self.hasher.verify(turn, password, Some(hash)).await;
        if !matches!(verified, Ok(false)) {
            self.tries.forgive_proof(account, self.ctx.now());
        }
        let right = verified.map_err(|Busy| Problem::busy(BUSY_FOR))?;
        if !right {
            self.ctx.recorder.failed_sign_in(Some(account), None);
        }
        Ok(right)
    }
}

/// Where a request comes from.
pub(super) fn peer_address(peer: Option<axum::Extension<Peer>>) -> IpAddr {
    peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |axum::Extension(Peer(address))| address)
}

impl FromRef<Door> for Ctx {
    fn from_ref(door: &Door) -> Self {
        door.ctx.clone()
    }
}

/// The routes of this slice, for a server that people reach at this origin and from these providers.
pub fn router(ctx: Ctx, hasher: Hasher, origin: Option<&str>, desk: Arc<Desk>) -> OpenApiRouter {
    let tries = Arc::new(Tries::new(ctx.limits));
    let door = Door { ctx, factors: Arc::new(Factors::new(origin)), hasher, tries };
    let parts = factors::router(door.clone())
        .merge(entry::router(door.clone()))
        .merge(notices::router(door.ctx.clone()))
        .merge(providers::router(door.clone(), desk))
        .merge(rescue::router(door.clone()));
    OpenApiRouter::new()
        .routes(routes!(sign_in, whoami, sign_out))
        .routes(routes!(list_sessions, sign_out_everywhere))
        .routes(routes!(end_session))
        .routes(routes!(change_password))
        .routes(routes!(change_profile))
        .with_state(door)
        .merge(parts)
}

/// E-mail address and password.
#[derive(Deserialize, ToSchema)]
struct Credentials {
    email: String,
    password: String,
    /// A code of the authenticator app, or a recovery code: asked for (`code_required`) after the right password.
    code: Option<String>,
}

/// Signs in. Unknown address, wrong password and suspended account are answered the same, after the same work; only who
/// knows the password is told that a second factor is needed.
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
    let address = peer_address(peer);
    let turn = door.turn()?;
    let begun = door.tries.sign_in(&email, address, door.ctx.now()).ok_or_else(|| Problem::too_many(ATTEMPTS_FOR))?;
    let found = known(&door.ctx, &email).await?;
    let known = found.as_ref().map(|(account, _)| account.id);
    let (account, hash) = found.filter(|(account, _)| account.status == "active").unzip();
    let verified = door.hasher.verify(turn, credentials.password.clone(), hash.clone()).await;
    // Failures count, and nothing else: not what was right, and not what nobody had time for.
    if !matches!(verified, Ok(false)) {
        door.tries.forgive(&begun, door.ctx.now());
    }
    let right = verified.map_err(|Busy| Problem::busy(BUSY_FOR))?;
    let account = account.filter(|_| right).ok_or_else(|| {
        door.ctx.recorder.failed_sign_in(known, Some(address));
        sign_in_failed()
    })?;
    let proof = entry::second(&door, account.id, Proof::Password, address, credentials.code.as_deref()).await?;
    if let Some(old) = hash.filter(|hash| password::is_outdated(hash)) {
        renew_hash(&door, account.id, credentials.password, old);
    }
    entry::enter(&door, &session, &headers, account.id, proof).await
}

/// Hashes a password anew, once it is known to be right, with the work of today. Nobody waits for it, and what fails is
/// tried again at the next sign-in.
fn renew_hash(door: &Door, account: Uuid, password: String, old: String) {
    let (db, hasher) = (door.ctx.db.clone(), door.hasher.clone());
    tokio::spawn(async move {
        let Ok(hash) = hasher.hash(password).await else { return };
        let renewed: db::Result<()> = db.write(async move |tx| store::renew_password(tx, account, &old, &hash).await).await;
        if let Err(error) = renewed {
            tracing::warn!(%error, "a password's hash could not be made anew");
        }
    });
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
    own(&ctx, &caller).await
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
    let rows = store::sessions_of(&mut ctx.db.read().await?, caller.account(), &sessions::still_good(ctx.now())).await?;
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
                audit::record(tx, act(&ctx, account, "session.end")).await?;
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
    responses((status = 204), (status = 401), (status = 403), (status = 422), (status = 429)))]
async fn change_password(
    State(door): State<Door>,
    caller: Caller,
    session: Session,
    Json(wish): Json<NewPassword>,
) -> Result<StatusCode, Problem> {
    super::stepped_up(&caller)?;
    let account = caller.account();
    let stored = store::password(&mut door.ctx.db.read().await?, account).await?;
    let (email, hash) = stored.ok_or_else(Problem::not_signed_in)?;
    // Whoever has none yet has proven otherwise who they are, within the last ten minutes.
    if hash != NO_PASSWORD && !door.own_password(account, wish.current).await? {
        return Err(sign_in_failed());
    }
    let hash = door.chosen(wish.new, &email, &caller.actor.name).await?;
    let ctx = door.ctx.clone();
    let changed: db::Result<()> = door
        .ctx
        .db
        .write(async move |tx| {
            store::set_password(tx, account, &hash).await?;
            sessions::end_sessions(tx, &ctx, account, Some(caller.credential)).await?;
            rescue::forget_links(tx, &ctx, account).await?;
            notices::tell(tx, &ctx, account, Kind::PasswordChanged, "", Some(caller.credential)).await?;
            audit::record(tx, act(&ctx, account, "account.password")).await
        })
        .await;
    changed?;
    sessions::cycle(&session, &door.ctx).await?;
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
    name.as_deref().map_or(Ok(()), |name| guard::refuse(name, ctx.now()))?;
    if wish.language.as_deref().is_some_and(|language| !LANGUAGES.contains(&language)) {
        return Err(Problem::unprocessable("language_unknown", "There is no catalogue in this language"));
    }
    let changed: db::Result<()> = {
        let ctx = ctx.clone();
        let db = ctx.db.clone();
        db.write(async move |tx| {
            ctx.standing.actor_changes(tx, account);
            if name.is_some() {
                audit::record(tx, act(&ctx, account, "account.rename")).await?;
            }
            store::set_profile(tx, account, name.as_deref(), wish.language.as_deref()).await
        })
        .await
    };
    changed?;
    own(&ctx, &caller).await
}

async fn own(ctx: &Ctx, caller: &Caller) -> Result<Json<Me>, Problem> {
    let me = super::me(ctx, caller.account(), caller.strong).await?;
    me.map(Json).ok_or_else(Problem::not_signed_in)
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
