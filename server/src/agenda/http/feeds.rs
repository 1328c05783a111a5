//! Events in calendars elsewhere: one as a file, and a feed at a secret address.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::ical::{For, calendar};
use super::super::store::{self, Asked, Choice, Event, Feed};
use super::{Desk, allowed};
use crate::access::{Actor, Decision, ItemAction, RegionAction, may_with_item};
use crate::audit::{self, Act};
use crate::base::attempts::{Attempts, Network};
use crate::base::clock::{DAY, MINUTE, rfc3339};
use crate::base::http::{Json, Path, Peer, Problem};
use crate::base::{db, secret};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::vocabulary::codes::{self, codes};

/// How far back and ahead a feed goes (microseconds).
const BACK: i64 = 92 * DAY;
const AHEAD: i64 = 550 * DAY;
/// Events of a feed at most.
const EVENTS_MAX: i64 = 1_000;
/// Times that a feed is fetched each minute at most: a calendar asks a few times an hour.
const FETCHES: u32 = 12;
/// Times that somebody from one address asks each minute for a feed that isn't there.
const MISSES: u32 = 60;
/// Seconds to wait after that.
const WAIT: u64 = 60;
/// How long a feed counts as fetched just now (microseconds): it isn't written down each time.
const FETCHED_WITHIN: i64 = MINUTE;

/// Who asks how often.
pub(super) struct Counted {
    feeds: Attempts<Uuid>,
    misses: Attempts<Network>,
}

impl Default for Counted {
    fn default() -> Self {
        Self { feeds: Attempts::a_minute(FETCHES), misses: Attempts::a_minute(MISSES) }
    }
}

/// A calendar as a file.
fn file(text: String, name: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let mut response = (headers, text).into_response();
    if let Ok(disposition) = disposition {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// One event as a file for a calendar elsewhere. Nothing stricter than GREEN leaves.
#[utoipa::path(get, path = "/api/agenda/events/{id}/calendar", tag = "agenda", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "text/calendar", body = String), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn one_event(
    State(Desk { ctx, origin, .. }): State<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let event = allowed(&ctx, &caller, ItemAction::TakeOut, id).await?;
    let reader = For { name: &caller.actor.name, origin: origin.as_deref() };
    Ok(file(calendar(&[event], &reader), "egida-event.ics"))
}

/// Which events a feed shows.
#[derive(Deserialize, ToSchema)]
#[schema(as = AgendaFeedChoice)]
pub(super) struct Wish {
    /// Codes of the vocabulary; none for all.
    #[serde(default)]
    countries: Vec<String>,
    /// Slugs of the vocabulary; none for all.
    #[serde(default)]
    themes: Vec<String>,
}

impl Wish {
    fn choice(self) -> Result<Choice, Problem> {
        let unknown = || Problem::unprocessable("tag_unknown", "There is no such country or theme");
        let (countries, themes) = codes::known(self.countries, self.themes).ok_or_else(unknown)?;
        Ok(Choice { countries, themes })
    }
}

/// One's own feed.
#[derive(Serialize, ToSchema)]
#[schema(as = AgendaFeed)]
pub(super) struct Own {
    /// Whether there is one.
    made: bool,
    countries: Vec<String>,
    themes: Vec<String>,
    created_at: Option<String>,
    /// When a calendar has fetched it last.
    fetched_at: Option<String>,
}

impl Own {
    fn new(feed: Option<Feed>) -> Self {
        let Some(feed) = feed else {
            return Self { made: false, countries: Vec::new(), themes: Vec::new(), created_at: None, fetched_at: None };
        };
        Self {
            made: true,
            countries: codes(&feed.countries),
            themes: codes(&feed.themes),
            created_at: Some(rfc3339(feed.created_at)),
            fetched_at: feed.fetched_at.map(rfc3339),
        }
    }
}

/// Whether one has a feed, and what it shows. Its address is not told again.
#[utoipa::path(get, path = "/api/me/agenda-feed", tag = "agenda", responses((status = 200, body = Own), (status = 401)))]
pub(super) async fn own(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Own>, Problem> {
    let feed = store::feed(&mut ctx.db.read().await?, caller.account()).await?;
    Ok(Json(Own::new(feed)))
}

/// A feed that was made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewAgendaFeed)]
pub(super) struct Made {
    /// The path of its address, with the secret. It is told this once.
    path: String,
}

/// Makes a feed for a calendar elsewhere, at an address that nobody can guess. One that was made before is at an end.
#[utoipa::path(post, path = "/api/me/agenda-feed", tag = "agenda", request_body = Wish,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn make(
    State(ctx): State<Ctx>,
    caller: Caller,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let (choice, word) = (wish.choice()?, secret::token());
    let (hash, account, at) = (secret::hash(&word), caller.account(), ctx.now());
    let done: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            store::make_feed(tx, account, &hash, &choice, at).await?;
            audit::record(tx, act(account, at, "agenda.feed")).await
        })
        .await;
    done?;
    Ok((StatusCode::CREATED, Json(Made { path: format!("/api/agenda/feeds/{word}.ics") })))
}

fn act(account: Uuid, at: i64, what: &'static str) -> Act<'static> {
    Act { at, actor: Some(account), what, target: format!("account:{account}"), detail: String::new() }
}

/// Lets one's feed show other events. Its address stays.
#[utoipa::path(patch, path = "/api/me/agenda-feed", tag = "agenda", request_body = Wish,
    responses((status = 204), (status = 401), (status = 404), (status = 422)))]
pub(super) async fn narrow(State(ctx): State<Ctx>, caller: Caller, Json(wish): Json<Wish>) -> Result<StatusCode, Problem> {
    let (choice, account) = (wish.choice()?, caller.account());
    let done: db::Result<bool> = ctx.db.write(async move |tx| store::narrow_feed(tx, account, &choice).await).await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// Ends one's feed: its address leads nowhere from now on.
#[utoipa::path(delete, path = "/api/me/agenda-feed", tag = "agenda",
    responses((status = 204), (status = 401), (status = 404)))]
pub(super) async fn revoke(State(ctx): State<Ctx>, caller: Caller) -> Result<StatusCode, Problem> {
    let (account, at) = (caller.account(), ctx.now());
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            let ended = store::revoke_feed(tx, account).await?;
            if ended {
                audit::record(tx, act(account, at, "agenda.feed_end")).await?;
            }
            Ok(ended)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// A feed, for a calendar elsewhere: nobody is signed in, the secret in the address says whose it is. CLEAR and GREEN events
/// alone, and nothing for who may no longer come in: one that was ended, one of theirs and none are answered alike.
#[utoipa::path(get, path = "/api/agenda/feeds/{file}", tag = "agenda", params(("file" = String, Path, description = "The secret and `.ics`")),
    responses((status = 200, content_type = "text/calendar", body = String), (status = 404), (status = 429)))]
pub(super) async fn fetch(
    State(Desk { ctx, origin, counted, .. }): State<Desk>,
    peer: Option<Extension<Peer>>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let address = peer.map_or_else(|| [127, 0, 0, 1].into(), |Extension(Peer(address))| address);
    let from = Network::of_host(address);
    if !counted.misses.take(from, ctx.now()) {
        return Err(Problem::too_many(WAIT));
    }
    let (feed, actor) = holder(&ctx, &name).await?.ok_or_else(Problem::not_found)?;
    counted.misses.give_back(&from, ctx.now());
    if !counted.feeds.take(feed.account, ctx.now()) {
        return Err(Problem::too_many(WAIT));
    }
    let events = shown(&ctx, &feed, &actor).await?;
    note(&ctx, &feed).await?;
    Ok(file(calendar(&events, &For { name: &actor.name, origin: origin.as_deref() }), "egida.ics"))
}

/// Whose feed it is: of somebody who may come in.
async fn holder(ctx: &Ctx, name: &str) -> Result<Option<(Feed, std::sync::Arc<Actor>)>, Problem> {
    let Some(word) = name.strip_suffix(".ics") else { return Ok(None) };
    let Some(feed) = store::feed_of(&mut ctx.db.read().await?, &secret::hash(word)).await? else { return Ok(None) };
    let actor = ctx.standing.actor(feed.account).await?.filter(|actor| actor.is_confirmed());
    // A calendar elsewhere uses no power.
    Ok(actor.map(|actor| (feed, Caller::by_socket(actor, Uuid::nil()).actor)))
}

/// The events of a feed.
async fn shown(ctx: &Ctx, feed: &Feed, actor: &Actor) -> Result<Vec<Event>, Problem> {
    let now = ctx.now();
    let asked = Asked { from: Some(now - BACK), to: Some(now + AHEAD), limit: EVENTS_MAX, ..Asked::default() };
    let mut events = store::listed(&mut ctx.db.read().await?, actor, &asked).await?;
    let (countries, themes) = (codes(&feed.countries), codes(&feed.themes));
    // What is of the whole region is of every country.
    let chosen = |wanted: &[String], has: &[String]| wanted.is_empty() || has.iter().any(|code| wanted.contains(code));
    events.retain(|event| {
        event.as_item(|item| may_with_item(actor, ItemAction::TakeOut, item)) == Decision::Allow
            && (event.countries.is_empty() || chosen(&countries, &event.countries()))
            && chosen(&themes, &event.themes())
    });
    Ok(events)
}

/// Notes that a feed is used, so that its person sees whether it is.
async fn note(ctx: &Ctx, feed: &Feed) -> Result<(), Problem> {
    let (account, now) = (feed.account, ctx.now());
    if feed.fetched_at.is_some_and(|at| now - at < FETCHED_WITHIN) {
        return Ok(());
    }
    let noted: db::Result<()> = ctx.db.write(async move |tx| store::fetched(tx, account, now).await).await;
    Ok(noted?)
}
