//! Going to an institution's identity provider, coming back from it, going on; and what binds an account to one.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{FromRef, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::desk::{AWAY_FOR, Back, Browser, Desk, Errand, Invitation, Invited, Onward, Provider, Returned, Turned, bind, place};
use super::store;
use crate::access::RegionAction;
use crate::audit::{self, Act};
use crate::base::clock::{SECOND, rfc3339};
use crate::base::http::{Json, Page, Params, Path, Peer, Problem};
use crate::base::{db, secret, text};
use crate::context::Ctx;
use crate::identity::factors::Proof;
use crate::identity::http::{Door, peer_address};
use crate::identity::notices::{self, Kind};
use crate::identity::{Caller, Me, NAME_MAX, account, entry, stepped_up};

/// Browsers may keep the list of providers for this long: five minutes.
const LIST_KEPT: HeaderValue = HeaderValue::from_static("private, max-age=300");
/// Seconds to wait when too many are on their way to a provider.
const CROWDED_FOR: u64 = 60;

/// What these routes need.
#[derive(Clone)]
struct Lobby {
    door: Door,
    desk: Arc<Desk>,
}

impl FromRef<Lobby> for Ctx {
    fn from_ref(lobby: &Lobby) -> Self {
        lobby.door.ctx.clone()
    }
}

/// The routes of this part.
pub(in crate::identity) fn router(door: Door, desk: Arc<Desk>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(begin))
        .routes(routes!(come_back))
        .routes(routes!(go_on))
        .routes(routes!(bindings))
        .routes(routes!(unbind))
        .with_state(Lobby { door, desk })
}

/// The identity providers through which one may sign in.
#[utoipa::path(get, path = "/api/providers", tag = "identity", responses((status = 200, body = Page<Provider>)))]
async fn list(State(lobby): State<Lobby>) -> Response {
    let items = lobby.desk.providers.iter().map(Provider::from);
    ([(header::CACHE_CONTROL, LIST_KEPT)], Json(Page::whole(items.collect()))).into_response()
}

/// What one goes to a provider for: to sign in, or to come in by an invitation.
#[derive(Deserialize, ToSchema)]
struct ProviderDeparture {
    /// Where to go once one is signed in: a path within this site.
    next: Option<String>,
    /// The secret of the invitation, where one has no account yet.
    invitation: Option<String>,
    /// As one wants to be called, with an invitation; what it proposes, if this can't be used.
    name: Option<String>,
}

impl ProviderDeparture {
    fn errand(self) -> Errand {
        // A name that can't be used is not carried along: there may be many on their way.
        let name = self.name.and_then(|name| text::line(&name, NAME_MAX)).unwrap_or_default();
        match self.invitation {
            Some(token) => Errand::Join(Invitation { hash: secret::hash(&token), name }),
            None => Errand::SignIn(place(&self.next.unwrap_or_default())),
        }
    }
}

/// Where the provider asks who one is.
#[derive(Serialize, ToSchema)]
struct ProviderDestination {
    location: String,
}

/// Begins to sign in through a provider: where the browser is to go. It gets a cookie by which it is known on its return.
#[utoipa::path(post, path = "/api/providers/{id}/entries", tag = "identity", params(("id" = String, Path)),
    request_body = ProviderDeparture,
    responses((status = 201, body = ProviderDestination), (status = 404), (status = 429), (status = 503)))]
async fn begin(
    State(lobby): State<Lobby>,
    peer: Option<Extension<Peer>>,
    Path(id): Path<String>,
    Json(wish): Json<ProviderDeparture>,
) -> Result<Response, Problem> {
    let provider = lobby.desk.provider(&id).ok_or_else(Problem::not_found)?;
    lobby.door.limit_address(peer_address(peer))?;
    let cookie = secret::token();
    let sent = lobby.desk.send(provider, secret::hash(&cookie), wish.errand(), lobby.door.ctx.now()).await;
    let address = sent.map_err(|turned| problem(&turned))?.ok_or_else(|| Problem::busy(CROWDED_FOR))?;
    let answer = Json(ProviderDestination { location: address.into() });
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, lobby.cookie(&cookie))], answer).into_response())
}

impl Desk {
    pub(super) fn cookie_name(&self) -> &'static str {
        if self.tls { "__Host-egida_entry" } else { "egida_entry" }
    }

    /// The browser that sends these headers; one that brought no cookie is like no other.
    pub(super) fn browser(&self, headers: &HeaderMap) -> Browser {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut cookies = lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
        cookies.find(|(name, _)| *name == self.cookie_name()).map_or_else(secret::random, |(_, value)| secret::hash(value))
    }

    /// Whom a provider has named who came back to the browser that sends these headers: given out once.
    pub fn takes_in(&self, entry: Uuid, headers: &HeaderMap, now: i64) -> Option<Invited> {
        self.invited(entry, self.browser(headers), now)
    }
}

impl Lobby {
    /// The cookie that knows a browser again. It comes back with it from another site, which the session's cookie doesn't:
    /// `Lax`. With TLS it takes no path but the whole site, so that no neighbouring host can plant it (`__Host-`).
    fn cookie(&self, value: &str) -> String {
        let (name, seconds) = (self.desk.cookie_name(), AWAY_FOR / SECOND);
        let place = if self.desk.tls { "Path=/; Secure" } else { "Path=/api" };
        format!("{name}={value}; {place}; HttpOnly; SameSite=Lax; Max-Age={seconds}")
    }
}

/// What a provider sends along.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
}

/// Where a provider sends people back to. They go on to the page of this site on which they sign in, or join, whatever has
/// come of it: a page of ours, because only from there the session's cookie is sent.
#[utoipa::path(get, path = "/api/providers/{id}/return", tag = "identity", params(("id" = String, Path), Answer),
    responses((status = 303), (status = 404)))]
async fn come_back(
    State(lobby): State<Lobby>,
    peer: Option<Extension<Peer>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Params(answer): Params<Answer>,
) -> Result<Response, Problem> {
    let provider = lobby.desk.provider(&id).ok_or_else(Problem::not_found)?;
    let returned = receive(&lobby, provider, &headers, answer).await;
    if let Err(Turned::Refused(account)) = returned.outcome {
        lobby.door.ctx.recorder.failed_sign_in(account, Some(peer_address(peer)));
    }
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, page_after(returned))]).into_response())
}

/// The page to go on to, told what has come of it.
fn page_after(Returned { joining, outcome }: Returned) -> String {
    let mut to = url::form_urlencoded::Serializer::new(String::new());
    match outcome {
        Ok(Onward::SignIn(entry, next)) if next == "/" => to.append_pair("entry", &entry.to_string()),
        Ok(Onward::SignIn(entry, next)) => to.append_pair("entry", &entry.to_string()).append_pair("next", &next),
        Ok(Onward::Join(entry)) => to.append_pair("entry", &entry.to_string()),
        // As an invitation is refused that there isn't: it is not for whom the provider has named.
        Err(Turned::Refused(_)) if joining => to.append_pair("refused", "invitation_invalid"),
        Err(turned) => to.append_pair("refused", code_of(&turned)),
    };
    format!("/{}?{}", if joining { "join" } else { "sign-in" }, to.finish())
}

async fn receive(lobby: &Lobby, provider: usize, headers: &HeaderMap, answer: Answer) -> Returned {
    let Some(state) = answer.state.and_then(|state| state.parse().ok()) else {
        return Returned { joining: false, outcome: Err(Turned::Unknown) };
    };
    let (browser, issuer) = (lobby.desk.browser(headers), answer.iss.as_deref());
    let back = Back { provider, browser, state, code: answer.code, issuer };
    lobby.desk.receive(&lobby.door.ctx, back).await
}

fn code_of(turned: &Turned) -> &'static str {
    match turned {
        Turned::Unknown => "provider_expired",
        Turned::Unavailable => "provider_unavailable",
        Turned::Refused(_) => "provider_refused",
    }
}

/// What one is told who took too long at a provider, or has come back to another browser.
pub fn expired() -> Problem {
    problem(&Turned::Unknown)
}

fn problem(turned: &Turned) -> Problem {
    let (status, title) = match turned {
        Turned::Unknown => (StatusCode::UNAUTHORIZED, "This sign-in took too long, or was begun in another browser"),
        Turned::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "The identity provider doesn't answer"),
        Turned::Refused(_) => (StatusCode::UNAUTHORIZED, "Nobody can be let in by this"),
    };
    Problem::new(status, code_of(turned), title)
}

/// The name under which one came back, and a second factor where there is one.
#[derive(Deserialize, ToSchema)]
struct ProviderEntry {
    entry: Uuid,
    /// A code of the authenticator app, or a recovery code: asked for by `code_required`.
    code: Option<String>,
}

/// Signs in who has come back from a provider. Whoever has a second factor here is asked for it, unless the operator lets
/// the one count that was shown there.
#[utoipa::path(post, path = "/api/session/provider", tag = "identity", request_body = ProviderEntry,
    responses((status = 200, body = Me), (status = 401), (status = 429), (status = 503)))]
async fn go_on(
    State(lobby): State<Lobby>,
    session: Session,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Json(wish): Json<ProviderEntry>,
) -> Result<Json<Me>, Problem> {
    let (door, ctx, address) = (&lobby.door, &lobby.door.ctx, peer_address(peer));
    door.limit_address(address)?;
    let arrival = lobby.desk.arrival(wish.entry, lobby.desk.browser(&headers), ctx.now());
    let arrival = arrival.ok_or_else(expired)?;
    let refused = || {
        ctx.recorder.failed_sign_in(Some(arrival.account), Some(address));
        problem(&Turned::Refused(None))
    };
    // As it is stored now: somebody may have been suspended meanwhile.
    let found = account(&mut ctx.db.read().await?, arrival.account).await?;
    if found.is_none_or(|account| account.status != "active") {
        return Err(refused());
    }
    let proof = if arrival.strong {
        Proof::ProviderStrong
    } else {
        entry::second(door, arrival.account, Proof::Provider, address, wish.code.as_deref()).await?
    };
    if !lobby.desk.use_up(wish.entry, ctx.now()) {
        return Err(expired());
    }
    if !bind(ctx, lobby.desk.providers.at(arrival.provider), &arrival).await? {
        return Err(refused());
    }
    entry::enter(door, &session, &headers, arrival.account, proof).await
}

/// A provider that lets one in.
#[derive(Serialize, ToSchema)]
struct ProviderBinding {
    /// The provider's name; its address where it is no longer set up here.
    name: String,
    /// Since when it lets this account in.
    created_at: String,
    last_used_at: String,
}

/// The providers that let one in.
#[utoipa::path(get, path = "/api/me/providers", tag = "identity",
    responses((status = 200, body = Page<ProviderBinding>), (status = 401)))]
async fn bindings(State(lobby): State<Lobby>, caller: Caller) -> Result<Json<Page<ProviderBinding>>, Problem> {
    let rows = store::of_account(&mut lobby.door.ctx.db.read().await?, caller.account()).await?;
    let items = rows.into_iter().map(|row| ProviderBinding {
        name: lobby.desk.providers.name_of(&row.issuer).unwrap_or(row.issuer),
        created_at: rfc3339(row.created_at),
        last_used_at: rfc3339(row.last_used_at),
    });
    Ok(Json(Page::whole(items.collect())))
}

/// Forgets whom providers mean by an account, because a provider names the person anew or the address has gone to somebody
/// else. The next sign-in binds it again. Its sessions stay.
#[utoipa::path(delete, path = "/api/accounts/{id}/providers", tag = "identity", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
async fn unbind(State(lobby): State<Lobby>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    caller.allow(RegionAction::Administer)?;
    stepped_up(&caller)?;
    let (ctx, by) = (lobby.door.ctx.clone(), caller.account());
    account(&mut ctx.db.read().await?, id).await?.ok_or_else(Problem::not_found)?;
    let unbound: db::Result<bool> = lobby
        .door
        .ctx
        .db
        .write(async move |tx| {
            if store::unbind(tx, id).await? == 0 {
                return Ok(false);
            }
            notices::tell(tx, &ctx, id, Kind::ProviderUnbound, "", None).await?;
            let (target, detail) = (format!("account:{id}"), String::new());
            audit::record(tx, Act { at: ctx.now(), actor: Some(by), what: "account.unbind", target, detail }).await?;
            Ok(true)
        })
        .await;
    if unbound? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::conflict("not_bound", "No provider lets this account in")) }
}
