//! All slices together: routes, frames, and the layers around them.

mod contract;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::ExtensionRejection;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{DefaultBodyLimit, Extension, Request, State, WebSocketUpgrade};
use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::upgrade::OnUpgrade;
use serde_json::json;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};
use utoipa_axum::router::OpenApiRouter;

use crate::access::{Decision, RegionAction, may_in_region};
use crate::attachable::Holders;
use crate::base::clock::rfc3339;
use crate::base::http::{Allowance, Peer, Problem, from_panic, guard_requests, harden, refuse_large};
use crate::base::limits::REQUEST_BODY;
use crate::config::Config;
use crate::context::Ctx;
use crate::glossary::{self, Glossary};
use crate::idempotency::{Desk, replay};
use crate::identity::{self, Asker, Caller, Desk as Reception, Hasher, Providers, Sessions};
use crate::publishable::Feeds;
use crate::realtime::{Frames, frame, socket};
use crate::record::{self, Place};
use crate::{
    admin, agenda, approvals, campaigns, cases, channels, deconfliction, directory, exercises, files, home, keys, library,
    messages, moderation, newsletter, overview, referrals, requests, search, studies, topics, translation, ui, vetting,
};

/// Seconds to wait when there is no place for a further socket.
const SOCKET_AGAIN: u64 = 10;

/// What the socket understands, from all slices.
pub(crate) fn frames() -> Frames<Ctx> {
    Frames::new(channels::frames().into_iter().chain(messages::frames()))
}

/// What an operator may set of the slices.
#[derive(Default)]
struct Settings<'a> {
    origin: Option<&'a str>,
    providers: Providers,
    record_head: Option<&'a Place>,
    translator: Option<&'a translation::Service>,
    meaning: Option<&'a search::Meaning>,
}

fn slices(ctx: &Ctx, glossary: &Glossary, settings: &Settings<'_>, post: &newsletter::Post) -> OpenApiRouter {
    let Settings { origin, providers, record_head, translator, meaning } = settings;
    let (origin, record_head, translator, meaning) = (*origin, *record_head, *translator, *meaning);
    let hasher = Hasher::new();
    let desk = Arc::new(Reception::new(providers.clone(), origin));
    let shelf = Arc::new(directory::Shelf::default());
    let practices = library::Shelf::default();
    let holders: Holders =
        [messages::holder(), moderation::holder(), library::holder(practices.clone()), campaigns::holder(), studies::holder()]
            .into();
    let finder = search::Finder::new(glossary);
    let beside = search::Beside {
        sources: vec![channels::source(), directory::source(shelf.clone())],
        stocks: vec![
            files::stock(holders.clone()),
            library::stock(practices.clone()),
            campaigns::stock(),
            agenda::stock(),
            studies::stock(),
        ],
    };
    let feeds: Feeds = [library::feed(practices.clone()), campaigns::feed(), agenda::feed(), studies::feed()].into();
    OpenApiRouter::new()
        .merge(identity::router(ctx.clone(), hasher.clone(), origin, desk.clone()))
        .merge(admin::router(ctx.clone(), hasher.clone(), desk))
        .merge(keys::router(ctx.clone(), hasher))
        .merge(cases::router(ctx.clone()))
        .merge(vetting::router(ctx.clone()))
        .merge(directory::router(ctx.clone(), shelf))
        .merge(glossary::router(ctx.clone(), glossary.clone()))
        .merge(overview::router(ctx.clone()))
        .merge(channels::router(ctx.clone()))
        .merge(topics::router(ctx.clone()))
        .merge(agenda::router(ctx.clone(), finder.clone(), origin))
        .merge(exercises::router(ctx.clone()))
        .merge(deconfliction::router(ctx.clone()))
        .merge(studies::router(ctx.clone(), finder.clone()))
        .merge(referrals::router(ctx.clone()))
        .merge(requests::router(ctx.clone()))
        .merge(files::router(ctx.clone(), holders))
        .merge(messages::router(ctx.clone()))
        .merge(moderation::router(ctx.clone(), messages::release))
        .merge(approvals::router(ctx.clone()))
        .merge(search::router(ctx.clone(), glossary, beside, meaning))
        .merge(search::saved_router(ctx.clone()))
        .merge(library::router(ctx.clone(), glossary, practices.clone()))
        .merge(campaigns::router(ctx.clone(), finder.clone(), practices.clone()))
        .merge(translation::router(ctx.clone(), glossary, translator))
        .merge(newsletter::router(ctx.clone(), glossary.clone(), feeds, post.clone()))
        .merge(home::router(ctx.clone(), practices))
        .merge(record::router(ctx.clone(), record_head))
}

/// The server as one service.
pub(crate) fn router(ctx: &Ctx, glossary: &Glossary, config: &Config, post: &newsletter::Post) -> Router {
    let settings = Settings {
        origin: config.public_origin.as_deref(),
        providers: config.providers.clone(),
        record_head: config.record_head.as_ref(),
        translator: config.translation.as_ref(),
        meaning: config.meaning.as_ref(),
    };
    let (api, _) = slices(ctx, glossary, &settings, post).split_for_parts();
    let tls = config.tls();
    let sessions = SessionManagerLayer::new(Sessions::new(ctx.clone()))
        .with_name(if tls { "__Host-egida_session" } else { "egida_session" })
        .with_http_only(true)
        .with_same_site(SameSite::Strict)
        .with_secure(tls)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd);
    let live = Live { ctx: ctx.clone(), frames: Arc::new(frames()) };
    let socket = Router::new().route("/api/socket", get(connect)).with_state(live);
    let metrics = Router::new().route("/metrics", get(metrics)).with_state(ctx.clone());
    let origin: Option<Arc<str>> = config.public_origin.as_deref().map(Into::into);
    let proxies: Arc<[IpAddr]> = config.trusted_proxies.as_slice().into();
    Router::new()
        .merge(
            api.layer(middleware::from_fn_with_state(Desk::new(ctx.clone()), replay))
                .layer(middleware::from_fn_with_state(ctx.clone(), note_refusals))
                .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_ours))),
        )
        .merge(socket)
        .merge(metrics)
        .layer(sessions)
        .layer(middleware::from_fn(leave_cookie))
        .route("/api/openapi.json", get(|| async { ([(header::CONTENT_TYPE, "application/json")], DOCUMENT) }))
        .route("/healthz", get(|| async { "ok" }))
        .merge(Router::new().route("/readyz", get(ready)).with_state(ctx.clone()))
        .merge(newsletter::pages(ctx.clone(), post.clone()).layer(CompressionLayer::new()))
        .fallback(ui::serve)
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This can't be done here")
        })
        .layer(DefaultBodyLimit::max(REQUEST_BODY))
        .layer(middleware::from_fn_with_state(files::allowance as Allowance, refuse_large))
        .layer(CatchPanicLayer::custom(from_panic))
        .layer(middleware::from_fn_with_state(origin, guard_requests))
        .layer(middleware::from_fn_with_state(proxies, name_client))
        .layer(middleware::from_fn_with_state(config.hsts, harden))
}

/// Whether an answer is our own words: files have a policy of their own, and go out as they are.
fn is_ours(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::CONTENT_SECURITY_POLICY)
}

/// What somebody asked for and may not do is noted for the record.
async fn note_refusals(State(ctx): State<Ctx>, mut request: Request, next: Next) -> Response {
    let asker = Asker::default();
    request.extensions_mut().insert(asker.clone());
    let target = record::target_of(request.uri().path());
    let response = next.run(request).await;
    if let Some(account) = asker.account().filter(|_| response.status() == StatusCode::FORBIDDEN) {
        ctx.recorder.refused(account, false, target);
    }
    response
}

/// A cookie is taken back when somebody signs out, and not because it is unknown, as the session layer would. A request
/// that is still on its way with the old cookie while the session gets another one is refused; its answer may come last
/// and must not take the new one away.
async fn leave_cookie(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if !response.status().is_success() {
        response.headers_mut().remove(header::SET_COOKIE);
    }
    response
}

/// Behind a trusted proxy the client is whom the proxy names last.
async fn name_client(State(proxies): State<Arc<[IpAddr]>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    if peer.is_some_and(|Peer(address)| proxies.contains(&address)) {
        let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
        let client = forwarded.and_then(|list| list.rsplit(',').next()).and_then(|address| address.trim().parse().ok());
        if let Some(client) = client {
            request.extensions_mut().insert(Peer(client));
        }
    }
    next.run(request).await
}

/// The HTTP contract as it is written down, so that no start has to make it. A test holds it to [`document`].
const DOCUMENT: &str = include_str!("../openapi.json");

/// The HTTP contract, made from the code.
pub(crate) fn document(ctx: &Ctx) -> String {
    describe(slices(ctx, &Glossary::shipped(), &Settings::default(), &newsletter::Post::default()).into_openapi())
}

/// What is said once about all routes.
const DESCRIPTION: &str = "Moderated channels for child-protection and anti-trafficking professionals of Southeast Europe.

Every POST, PUT, PATCH and DELETE of somebody signed in takes an `Idempotency-Key` header of 1 to 128 visible ASCII \
characters, best a UUID. The same request under the same key within 24 hours is answered with the stored answer, marked by \
the header `idempotency-replayed: true`, and not carried out again; another request under it is refused with 422 \
`idempotency_mismatch`, and one that comes while the first is under way with 409 `idempotency_in_progress`. Answers of 500 \
and above, 429 and 403 are not stored: try again under the same key. Where request or answer hold a secret nothing is stored \
and the header has no effect: /api/session and below it, /api/sessions, below /api/me/, below /api/providers/, \
/api/passkey-challenges, /api/people/{id}/password-reset, /api/password-resets, POST /api/invitations, POST /api/files, /api/invitation-previews, \
/api/invitation-acceptances and below it, /api/moderation/queue/{id}/unmasking, /api/approvals/{id}/export, /api/approvals/{id}/unmasking, /api/messages/{id}/translation; nor for PATCH /api/messages/{id}, where the same words twice are one \
change, and PATCH /api/files/{id}, where the offset says what came before. For POST /api/channels/{id}/messages the key stands for the body's `ref`.";

fn describe(mut document: utoipa::openapi::OpenApi) -> String {
    document.info.title = "Egida".into();
    document.info.version = "1".into();
    document.info.description = Some(DESCRIPTION.into());
    document.info.license = None;
    contract::complete(&mut document);
    serde_json::to_string_pretty(&document).unwrap_or_default()
}

async fn ready(State(ctx): State<Ctx>) -> Response {
    match ctx.db.read().await {
        Ok(_) => "ready".into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}

#[derive(Clone)]
struct Live {
    ctx: Ctx,
    frames: Arc<Frames<Ctx>>,
}

impl axum::extract::FromRef<Live> for Ctx {
    fn from_ref(live: &Live) -> Self {
        live.ctx.clone()
    }
}

/// The socket. Nobody is upgraded who isn't signed in.
async fn connect(
    State(live): State<Live>,
    caller: Caller,
    peer: Result<Extension<Peer>, ExtensionRejection>,
    headers: HeaderMap,
    on: Option<Extension<OnUpgrade>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let no_socket = || Problem::new(StatusCode::UPGRADE_REQUIRED, "upgrade_required", "This is a WebSocket");
    let (upgrade, Extension(on)) = upgrade.ok().zip(on).ok_or_else(no_socket)?;
    let address = peer.map_or(IpAddr::from([127, 0, 0, 1]), |Extension(Peer(address))| address);
    let seat = live.ctx.hub.seat(address).ok_or_else(|| Problem::busy(SOCKET_AGAIN))?;
    let account = caller.account();
    let me = identity::me(&live.ctx, account, caller.strong).await?.ok_or_else(Problem::not_signed_in)?;
    let hello = json!({"type": "hello", "account": me, "protocol": 1, "server_time": rfc3339(live.ctx.now())});
    Ok(socket::open(&upgrade, &headers, on, move |ws| async move {
        let hub = live.ctx.hub.clone();
        let own = hub.attach(account, caller.credential);
        own.outbox.push(frame::text(&hello));
        // What was revoked while the upgrade was under way is noticed here. Boxed, because the task keeps room for its
        // largest await until it ends, and this one asks the database: 6 KiB an idle connection.
        match Box::pin(identity::stands(&live.ctx, account, caller.credential)).await {
            Ok(true) => {}
            Ok(false) => own.outbox.close(4401, "signed_out"),
            Err(_) => own.outbox.close(1012, "restart"),
        }
        let limits = live.ctx.limits;
        socket::serve(ws, own.clone(), live.ctx, live.frames, limits).await;
        hub.detach(&own);
        drop(seat);
    }))
}

/// Figures for Prometheus: for this machine itself, or an administrator.
async fn metrics(
    State(ctx): State<Ctx>,
    headers: HeaderMap,
    peer: Option<Extension<Peer>>,
    caller: Result<Caller, Problem>,
) -> Response {
    let forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    let local = peer.is_some_and(|Extension(Peer(address))| address.is_loopback()) && !forwarded;
    let administers = caller.is_ok_and(|caller| may_in_region(&caller.actor, RegionAction::Administer) == Decision::Allow);
    if !local && !administers {
        return Problem::not_found().into_response();
    }
    let mut out = String::new();
    let mut gauge = |name: &str, help: &str, value: u64| {
        use std::fmt::Write;
        let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
    };
    gauge("egida_sockets", "Connected sockets.", ctx.hub.connected() as u64);
    if let Some(seconds) = record::arrived(&ctx).await.ok().flatten() {
        gauge(
            "egida_record_head_age_seconds",
            "Since the newest head of the record was signed that is off this machine.",
            seconds,
        );
    }
    if let Some(bytes) = resident_bytes() {
        gauge("process_resident_memory_bytes", "Memory in use.", bytes);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], out).into_response()
}

/// Resident memory as the kernel counts it; `None` where there is no `/proc`.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}
