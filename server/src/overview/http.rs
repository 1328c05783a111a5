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
use crate::base::http::{Cursor, Json, Page, Params, Problem};
use crate::base::limits::{Accreditation, COUNT_CAP};
use crate::channels;
use crate::channels::topics::{self, MissedAt, Topic};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::messages::{self, Message};
use crate::vocabulary::{
    ALL_COUNTRIES, ALL_FUNCTIONS, ALL_THEMES, Country, Function, HelpLine, MARKINGS, Theme, Words, country_facts,
};

/// Messages shown of each topic that was missed.
const MISSED_LATEST: i64 = 3;

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(region))
        .routes(routes!(numbers))
        .routes(routes!(grid))
        .routes(routes!(missed))
        .with_state(ctx)
}

/// The vocabulary of the region, and what holds all over it.
#[derive(Serialize, ToSchema)]
struct Region {
    name: &'static str,
    countries: Vec<Country>,
    themes: Vec<Theme>,
    functions: Vec<Function>,
    /// Handling markings, least strict first.
    markings: [&'static str; 5],
    /// For how long somebody is let in.
    accreditation: Accreditation,
}

/// Countries, themes, functions and markings.
#[utoipa::path(get, path = "/api/region", tag = "overview", responses((status = 200, body = Region), (status = 401)))]
async fn region(State(ctx): State<Ctx>, _caller: Caller) -> Json<Region> {
    Json(Region {
        name: "Southeast Europe",
        countries: ALL_COUNTRIES.clone(),
        themes: ALL_THEMES.clone(),
        functions: ALL_FUNCTIONS.clone(),
        markings: MARKINGS,
        accreditation: ctx.limits.accreditation,
    })
}

/// Whom to call in a country when a child is in danger.
#[derive(Serialize, ToSchema)]
struct CountryNumbers {
    country: String,
    name: Words,
    /// Emergency numbers, and whose they are.
    emergency: Words,
    child_helpline: Option<HelpLine>,
    missing_children: Option<HelpLine>,
    trafficking_hotline: Option<HelpLine>,
    /// How the numbers were looked up when the vocabulary was made.
    check: Words,
}

/// The numbers of all countries.
#[derive(Serialize, ToSchema)]
struct Numbers {
    items: Vec<CountryNumbers>,
}

/// Whom to call when a child is in danger. They are public facts and asked for before anybody signs in.
#[utoipa::path(get, path = "/api/numbers", tag = "overview", responses((status = 200, body = Numbers)))]
async fn numbers() -> Json<Numbers> {
    let of = |country: &Country| {
        let facts = country_facts(&country.code)?;
        Some(CountryNumbers {
            country: country.code.clone(),
            name: country.name.clone(),
            emergency: facts.emergency.clone(),
            child_helpline: facts.child_helpline.clone(),
            missing_children: facts.missing_children.clone(),
            trafficking_hotline: facts.trafficking_hotline.clone(),
            check: facts.check.clone(),
        })
    };
    Json(Numbers { items: ALL_COUNTRIES.iter().filter_map(of).collect() })
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
    for channel in channels::readable_work(&ctx, &caller.actor).await? {
        if let (Some(country), Some(theme)) = (&channel.country, &channel.theme) {
            cells.entry((country.clone(), theme.clone())).or_insert_with(|| blank(country, theme)).0.channel = Some(channel.id);
        }
    }
    let rows = topics::tagged(&mut ctx.db.read().await?, caller.account(), None, None).await?;
    for row in rows {
        let Some(channel) = ctx.standing.channel(row.channel).await? else { continue };
        if channel.exercise.is_some() || may(&caller.actor, Action::Read, &channel) != Decision::Allow {
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

/// What the reader missed, over all own channels: topics in which one is called by name first, then the latest.
#[utoipa::path(get, path = "/api/missed", tag = "overview", params(Cursor),
    responses((status = 200, body = Page<Missed>), (status = 400), (status = 401)))]
async fn missed(State(ctx): State<Ctx>, caller: Caller, Params(cursor): Params<Cursor>) -> Result<Json<Page<Missed>>, Problem> {
    let limit = cursor.limit()?;
    let after = cursor.cursor.as_deref().map(|text| place(text).ok_or_else(|| Problem::bad_request("cursor is not one of ours")));
    let mut conn = ctx.db.read().await?;
    let places = topics::missed(&mut conn, caller.account(), after.transpose()?, limit + 1).await?;
    let page = Page::cut(places, limit, |(called, at, id)| format!("{called}_{at}_{id}"));
    let mut items = Vec::with_capacity(page.items.len());
    for (.., id) in page.items {
        // What was read or moved away in between is no longer missed.
        let Some(row) = topics::for_reader(&mut conn, caller.account(), id).await? else { continue };
        let Some(first) = topics::first_unread(&mut conn, caller.account(), id).await? else { continue };
        items.push(Missed {
            channel: row.channel,
            unread: row.unread,
            mentions: row.mentions,
            first_unread_seq: first,
            latest: messages::latest(&mut conn, row.channel, row.id, MISSED_LATEST).await?,
            topic: Topic::for_reader(row),
        });
    }
    Ok(Json(Page { items, next: page.next }))
}

/// The place that a cursor names.
fn place(cursor: &str) -> Option<MissedAt> {
    let (called, rest) = cursor.split_once('_')?;
    let (at, id) = rest.split_once('_')?;
    Some((called.parse().ok()?, at.parse().ok()?, id.parse().ok()?))
}
