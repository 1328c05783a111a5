//! The search route.

use std::sync::Arc;

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::excerpt::{Piece, excerpt};
use super::look::{self, Place};
use super::query::{Author, Query, Unclear};
use super::store::{self, Between, Hit};
use super::{author_token, channel_token, red_token};
use crate::access::handling::{Code, Labels, RED};
use crate::access::{Action, Actor, Channel, Decision, may};
use crate::base::budget::{self, Budgets, Spent};
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::base::http::{Cursor, Json, Page, Params, Problem};
use crate::base::{guard, text};
use crate::channels;
use crate::context::Ctx;
use crate::identity::Caller;
use crate::vocabulary::{Words, strictest};

/// People whom the names behind `from:` may fit in all.
const AUTHORS_MAX: usize = 50;
/// Searches a person may ask for at once before the lasting rate counts: typing gives several.
const BURST: u32 = 10;

#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    by_person: Arc<Budgets<Uuid>>,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    let by_person = Arc::new(Budgets::new(budget::per_second(ctx.limits.searches_per_second, BURST)));
    OpenApiRouter::new().routes(routes!(search)).with_state(Desk { ctx, by_person })
}

/// What is looked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wish {
    /// Words, "phrases", -exclusions, and operators whose value may stand in quotation marks: `in:` a channel's slug,
    /// name or id; `from:` an account's id, `me`, or the beginning of a name (which may fit 50 people at most);
    /// `before:` and `after:` a day; `country:`, `theme:`; `is:` resolved or unresolved. Exclusions need something
    /// beside them.
    q: String,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 20 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

/// A message that was found.
#[derive(Serialize, ToSchema)]
struct Found {
    message: FoundMessage,
    /// Null for a direct channel.
    channel_name: Option<Words>,
    topic_title: String,
    excerpt: Vec<Piece>,
}

/// Where it is and who said it.
#[derive(Serialize, ToSchema)]
struct FoundMessage {
    id: Uuid,
    channel: Uuid,
    topic: Uuid,
    seq: i64,
    author: Uuid,
    author_name: String,
    posted_at: String,
    marking: String,
    /// Whether nothing of what it says is shown here: it is RED, or has an H3.
    withheld: bool,
    /// What is hard to read in it; the excerpt says this, and nothing of the message.
    warning: Option<String>,
}

/// Searches what the reader may open, newest first.
///
/// A page may be empty and still have a `next`: the search goes on there.
#[utoipa::path(get, path = "/api/search", tag = "search", params(Wish),
    responses((status = 200, body = Page<Found>), (status = 400), (status = 401), (status = 422), (status = 429)))]
async fn search(State(desk): State<Desk>, caller: Caller, Params(wish): Params<Wish>) -> Result<Json<Page<Found>>, Problem> {
    desk.by_person.take(&caller.account()).map_err(|Spent| Problem::too_many(1))?;
    let ctx = &desk.ctx;
    guard::refuse(&wish.q, ctx.now())?;
    let paging = Cursor { cursor: wish.cursor, limit: wish.limit.or(Some(20)) };
    let limit = paging.limit()?;
    let start = paging.position::<Place>()?.unwrap_or(Place::START);
    let query = Query::parse(&wish.q).map_err(bad_query)?;
    super::catch_up(&ctx.db).await?;
    let Some(keys) = keys(ctx, &caller, &query).await? else { return Ok(Json(Page::whole(Vec::new()))) };
    let mut conn = ctx.db.read().await?;
    let mut span = Between { below: i64::MAX, from: 0 };
    if let Some(until) = query.until {
        span.below = store::first_since(&mut conn, until).await?.unwrap_or(i64::MAX);
    }
    if let Some(since) = query.since {
        span.from = store::first_since(&mut conn, since).await?.unwrap_or(i64::MAX);
    }
    let limit = usize::try_from(limit).unwrap_or(0);
    let (hits, next) = look::page(&mut conn, &query, &keys, span, start, limit).await?;
    let items = hits.into_iter().map(|hit| found(hit, &query)).collect();
    Ok(Json(Page { items, next: next.map(|place| place.to_string()) }))
}

/// The screen makes its sentence of the reason, the word and the example; the detail is English.
fn bad_query(unclear: Unclear) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_query", "The query can't be understood")
        .with("detail", unclear.detail)
        .with("reason", unclear.reason)
        .with("word", unclear.word)
        .with("example", unclear.example)
}

/// The tokens of the channels this reader may open, narrowed by `in:` and `from:`; `None` if nothing is left.
async fn keys(ctx: &Ctx, caller: &Caller, query: &Query) -> Result<Option<String>, Problem> {
    let mut readable = channels::readable(ctx, &caller.actor).await?;
    let mut conn = ctx.db.read().await?;
    if !query.channels.is_empty() {
        let mut wanted = Vec::new();
        for name in &query.channels {
            // A channel that may not be known is named like one that doesn't exist: nothing is found in it.
            match name.parse::<Uuid>() {
                Ok(id) => wanted.push(id),
                Err(_) => wanted.extend(channels::called(&mut conn, name).await?),
            }
        }
        readable.retain(|channel| wanted.contains(&channel.id));
    }
    if readable.is_empty() {
        return Ok(None);
    }
    channels::looked(ctx, &caller.actor, "channel.search", readable.iter().map(AsRef::as_ref));
    let tokens = tokens(&caller.actor, &readable, !query.channels.is_empty() && !caller.by_token);
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut keys = format!("({})", tokens.join(" OR "));
    if !query.from.is_empty() {
        let authors = authors(&mut conn, caller, &query.from).await?;
        if authors.is_empty() {
            return Ok(None);
        }
        let tokens: Vec<_> = authors.into_iter().map(author_token).collect();
        keys = format!("{keys} AND ({})", tokens.join(" OR "));
    }
    Ok(Some(keys))
}

/// The tokens of what may be found in these channels. What is RED is found by the people of its room alone, and only when
/// they name it; never by a program.
fn tokens(actor: &Actor, channels: &[Arc<Channel>], named: bool) -> Vec<String> {
    let mut tokens = Vec::with_capacity(channels.len());
    for channel in channels {
        let red = named && may(actor, Action::Unseal, channel) == Decision::Allow;
        if channel.marking != RED || red {
            tokens.push(channel_token(channel.number));
        }
        if red {
            tokens.push(red_token(channel.number));
        }
    }
    tokens
}

/// The accounts that `from:` means.
async fn authors(conn: &mut db::Conn, caller: &Caller, from: &[Author]) -> Result<Vec<Uuid>, Problem> {
    let mut accounts = Vec::new();
    for author in from {
        match author {
            Author::Me => accounts.push(caller.account()),
            Author::Account(account) => accounts.push(*account),
            Author::Name(part) => {
                let limit = i64::try_from(AUTHORS_MAX + 1).unwrap_or(i64::MAX);
                accounts.extend(store::authors(conn, part, limit).await?);
            }
        }
    }
    // Leaving some out would say that they have said nothing.
    if accounts.len() > AUTHORS_MAX {
        return Err(bad_query(Unclear::too_many_people(AUTHORS_MAX)));
    }
    Ok(accounts)
}

fn found(hit: Hit, query: &Query) -> Found {
    let marking = strictest(&hit.marking, &hit.channel_marking).to_owned();
    let labels = Labels::of(hit.labels.as_deref());
    let withheld = marking == RED || labels.has(Code::H3);
    let warning = labels.warning.filter(|_| !withheld);
    Found {
        excerpt: match &warning {
            _ if withheld => Vec::new(),
            Some(warning) => excerpt(warning, &[]),
            None => excerpt(&text::plain(&hit.body), &query.wanted),
        },
        message: FoundMessage {
            id: hit.id,
            channel: hit.channel,
            topic: hit.topic,
            seq: hit.seq,
            author: hit.author,
            author_name: hit.author_name,
            posted_at: rfc3339(hit.posted_at),
            marking,
            withheld,
            warning,
        },
        channel_name: hit.name_en.map(|en| Words { fr: hit.name_fr.unwrap_or_else(|| en.clone()), en }),
        topic_title: hit.topic_title,
    }
}
