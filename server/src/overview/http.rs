//! Routes of the region's vocabulary, the grid and "what I missed".

use std::collections::BTreeMap;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::access::{Action, Decision, RegionAction, may};
use crate::base::clock::rfc3339;
use crate::base::http::{Json, Problem};
use crate::base::limits::COUNT_CAP;
use crate::channels;
use crate::channels::topics::{self, Topic};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::messages::{self, Message};
use crate::vocabulary::{ALL_COUNTRIES, ALL_FUNCTIONS, ALL_THEMES, Country, Function, MARKINGS, Theme};

/// Topics of a channel that "what I missed" shows at most.
const MISSED_TOPICS: usize = 20;
/// Topics that "what I missed" shows in all.
const MISSED_IN_ALL: usize = 100;
/// Messages shown of each.
const MISSED_LATEST: i64 = 3;

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(region)).routes(routes!(grid)).routes(routes!(missed)).with_state(ctx)
}

/// The vocabulary of the region.
#[derive(Serialize, ToSchema)]
struct Region {
    name: &'static str,
    countries: Vec<Country>,
    themes: Vec<Theme>,
    functions: Vec<Function>,
    /// Handling markings, least strict first.
    markings: [&'static str; 5],
}

/// Countries, themes, functions and markings.
#[utoipa::path(get, path = "/api/region", tag = "overview", responses((status = 200, body = Region), (status = 401)))]
async fn region(_caller: Caller) -> Json<Region> {
    Json(Region {
        name: "Southeast Europe",
        countries: ALL_COUNTRIES.clone(),
        themes: ALL_THEMES.clone(),
        functions: ALL_FUNCTIONS.clone(),
        markings: MARKINGS,
    })
}

/// What a country and a theme share.
#[derive(Serialize, ToSchema)]
struct Cell {
    country: String,
    theme: String,
    /// Topics with both tags.
    topics: i64,
    /// Unread in them, at most 100.
    unread: i64,
    last_at: Option<String>,
    /// The cell's own channel.
    channel: Option<Uuid>,
}

/// The cells.
#[derive(Serialize, ToSchema)]
struct Grid {
    cells: Vec<Cell>,
}

/// The country × theme grid: cells that hold something the reader may read.
#[utoipa::path(get, path = "/api/grid", tag = "overview", responses((status = 200, body = Grid), (status = 401), (status = 403)))]
async fn grid(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Grid>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let mut cells: BTreeMap<(String, String), (Cell, i64)> = BTreeMap::new();
    let blank = |country: &str, theme: &str| {
        let cell = Cell { country: country.into(), theme: theme.into(), topics: 0, unread: 0, last_at: None, channel: None };
        (cell, i64::MIN)
    };
    for channel in channels::readable(&ctx, &caller.actor).await? {
        if let (Some(country), Some(theme)) = (&channel.country, &channel.theme) {
            cells.entry((country.clone(), theme.clone())).or_insert_with(|| blank(country, theme)).0.channel = Some(channel.id);
        }
    }
    let rows = topics::tagged(&mut ctx.db.read().await?, caller.account(), None, None).await?;
    for row in rows {
        let Some(channel) = ctx.standing.channel(row.channel).await? else { continue };
        if may(&caller.actor, Action::Read, &channel) != Decision::Allow {
            continue;
        }
        let (at, unread) = (row.last_at, row.unread);
        let topic = Topic::for_all(row);
        for country in &topic.countries {
            for theme in &topic.themes {
                let (cell, latest) = cells.entry((country.clone(), theme.clone())).or_insert_with(|| blank(country, theme));
                cell.topics += 1;
                cell.unread = (cell.unread + unread).min(COUNT_CAP);
                if at > *latest {
                    *latest = at;
                    cell.last_at = Some(rfc3339(at));
                }
            }
        }
    }
    Ok(Json(Grid { cells: cells.into_values().map(|(cell, _)| cell).collect() }))
}

/// A topic with something unread.
#[derive(Serialize, ToSchema)]
struct Missed {
    channel: Uuid,
    topic: Topic,
    unread: i64,
    mentions: i64,
    /// Where to start reading.
    first_unread_seq: i64,
    /// The last messages, oldest first.
    latest: Vec<Message>,
}

/// What a reader missed: one page, which says whether it is everything.
#[derive(Serialize, ToSchema)]
struct MissedPage {
    items: Vec<Missed>,
    /// Always null: there is no further page, but what is read makes room for the rest.
    next: Option<String>,
    /// Whether the limits left something out.
    more: bool,
}

/// What the reader missed, over all own channels: what mentions the reader first, then latest first.
#[utoipa::path(get, path = "/api/missed", tag = "overview", responses((status = 200, body = MissedPage), (status = 401)))]
async fn missed(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<MissedPage>, Problem> {
    let mut conn = ctx.db.read().await?;
    let mut found = Vec::new();
    let mut more = false;
    for channel in &caller.actor.channels {
        let (rows, cut) = topics::missed(&mut conn, caller.account(), *channel, MISSED_TOPICS).await?;
        found.extend(rows);
        more |= cut;
    }
    more |= found.len() > MISSED_IN_ALL;
    found.sort_by_key(|row| std::cmp::Reverse((row.mentions > 0, row.last_at)));
    found.truncate(MISSED_IN_ALL);
    let mut items = Vec::with_capacity(found.len());
    for row in found {
        let first = topics::first_unread(&mut conn, caller.account(), row.id).await?;
        items.push(Missed {
            channel: row.channel,
            unread: row.unread,
            mentions: row.mentions,
            first_unread_seq: first.unwrap_or(row.last_seq),
            latest: messages::latest(&mut conn, row.channel, row.id, MISSED_LATEST).await?,
            topic: Topic::for_reader(row),
        });
    }
    Ok(Json(MissedPage { items, next: None, more }))
}
