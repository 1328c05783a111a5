//! Routes of topics. Their rows belong to `channels::topics`; moving one also moves its messages.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::access::{Action, Channel, Decision, may};
use crate::audit::{self, Act};
use crate::base::db::{self, AfterCommit, Tx};
use crate::base::http::{Cursor, Json, Page, Params, Path, Place, Problem};
use crate::base::{guard, text};
use crate::channels;
use crate::channels::changes::{self, Change, Kind};
use crate::channels::topics::{self, Filter, Topic, TopicRow, title};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::messages;
use crate::vocabulary::{is_country, is_theme};

/// Tags of a kind on a topic at most.
const TAGS_MAX: usize = 12;

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(of_channel)).routes(routes!(tagged)).routes(routes!(show, change)).with_state(ctx)
}

/// Which of a channel's topics.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wish {
    /// Part of the title.
    #[param(required = false)]
    q: Option<String>,
    /// Only settled ones, or only open ones.
    #[param(required = false)]
    resolved: Option<bool>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

/// A channel's topics, latest activity first.
#[utoipa::path(get, path = "/api/channels/{id}/topics", tag = "topics", params(("id" = Uuid, Path), Wish),
    responses((status = 200, body = Page<Topic>), (status = 400), (status = 401), (status = 404)))]
async fn of_channel(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Params(wish): Params<Wish>,
) -> Result<Json<Page<Topic>>, Problem> {
    channels::authorise(&ctx, &caller.actor, Action::Read, id).await?;
    let cursor = Cursor { cursor: wish.cursor, limit: wish.limit };
    let (limit, after) = (cursor.limit()?, cursor.position::<Place<i64>>()?.map(Into::into));
    let filter = Filter { title: wish.q.as_deref().map(text::fold), resolved: wish.resolved, after };
    let rows = topics::of_channel(&mut ctx.db.read().await?, caller.account(), id, &filter, limit + 1).await?;
    let page = Page::cut(rows, limit, |row| Place(row.last_at, row.id).to_string());
    Ok(Json(Page { items: page.items.into_iter().map(Topic::for_reader).collect(), next: page.next }))
}

/// A cell of the grid, or one of its rows or columns.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Cell {
    /// Country code.
    #[param(required = false)]
    country: Option<String>,
    /// Theme slug.
    #[param(required = false)]
    theme: Option<String>,
}

/// Topics with these tags over all channels the reader may read, latest activity first (500 at most).
#[utoipa::path(get, path = "/api/topics", tag = "topics", params(Cell),
    responses((status = 200, body = Page<Topic>), (status = 400), (status = 401)))]
async fn tagged(State(ctx): State<Ctx>, caller: Caller, Params(cell): Params<Cell>) -> Result<Json<Page<Topic>>, Problem> {
    if cell.country.as_deref().is_some_and(|code| !is_country(code)) || cell.theme.as_deref().is_some_and(|slug| !is_theme(slug))
    {
        return Err(Problem::bad_request("there is no such country or theme"));
    }
    let mut conn = ctx.db.read().await?;
    let rows = topics::tagged(&mut conn, caller.account(), cell.country.as_deref(), cell.theme.as_deref()).await?;
    drop(conn);
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(channel) = ctx.standing.channel(row.channel).await? else { continue };
        if may(&caller.actor, Action::Read, &channel) == Decision::Allow {
            channels::looked(&ctx, &caller.actor, "channel.read", [&*channel]);
            items.push(Topic::for_reader(row));
        }
    }
    Ok(Json(Page::whole(items)))
}

/// The topic and its channel, for somebody who may read it.
async fn locate(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<(TopicRow, Arc<Channel>), Problem> {
    let place = topics::place(&mut ctx.db.read().await?, id).await?;
    let channel = channels::place(ctx, &caller.actor, place).await?;
    let row = topics::for_reader(&mut ctx.db.read().await?, caller.account(), id).await?;
    // It may have moved since it was asked where it is.
    let row = row.filter(|row| row.channel == channel.id).ok_or_else(Problem::not_found)?;
    Ok((row, channel))
}

/// One topic.
#[utoipa::path(get, path = "/api/topics/{id}", tag = "topics", params(("id" = Uuid, Path)),
    responses((status = 200, body = Topic), (status = 401), (status = 404)))]
async fn show(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Topic>, Problem> {
    Ok(Json(Topic::for_reader(locate(&ctx, &caller, id).await?.0)))
}

/// What changes about a topic.
#[derive(Clone, Deserialize, ToSchema)]
struct TopicChange {
    /// Another title.
    title: Option<String>,
    /// Another channel.
    channel: Option<Uuid>,
    /// Settled, or open again.
    resolved: Option<bool>,
    /// Its country tags, all of them.
    countries: Option<Vec<String>>,
    /// Its theme tags, all of them.
    themes: Option<Vec<String>>,
}

/// Renames, moves, resolves or tags a topic. A moderator of the channel may; who began it may tag and resolve it.
#[utoipa::path(patch, path = "/api/topics/{id}", tag = "topics", params(("id" = Uuid, Path)), request_body = TopicChange,
    responses((status = 200, body = Topic), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn change(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(mut change): Json<TopicChange>,
) -> Result<Json<Topic>, Problem> {
    let (row, channel) = locate(&ctx, &caller, id).await?;
    let began = row.created_by == Some(caller.account()) && caller.actor.belongs_to(&channel);
    let own = began && change.title.is_none() && change.channel.is_none();
    channels::authorise(&ctx, &caller.actor, if own { Action::Post } else { Action::Arrange }, channel.id).await?;
    check(&mut change, &row)?;
    change.title.as_deref().map_or(Ok(()), |title| guard::refuse(title, ctx.now()))?;
    let target = match change.channel.filter(|target| *target != channel.id) {
        None => None,
        Some(target) => Some(channels::authorise(&ctx, &caller.actor, Action::Arrange, target).await?),
    };
    let account = caller.account();
    let done: db::Result<Result<(), Problem>> = {
        let ctx = ctx.clone();
        let db = ctx.db.clone();
        db.write(async move |tx| apply(tx, &ctx, account, id, &channel, target.as_deref(), &change).await).await
    };
    done??;
    Ok(Json(Topic::for_reader(locate(&ctx, &caller, id).await?.0)))
}

fn check(change: &mut TopicChange, row: &TopicRow) -> Result<(), Problem> {
    if row.general && (change.title.is_some() || change.channel.is_some() || change.resolved.is_some()) {
        return Err(Problem::conflict("general_stays", "The general topic is always there"));
    }
    if let Some(wish) = change.title.take() {
        let title =
            title(&wish).ok_or_else(|| Problem::unprocessable("title_invalid", "This title can't be used").with("limit", 120))?;
        change.title = Some(title);
    }
    let unknown = || Problem::unprocessable("tag_unknown", "There is no such country or theme");
    let too_many = || Problem::unprocessable("too_many", "There are too many tags").with("limit", TAGS_MAX);
    for (tags, known) in [(&change.countries, is_country as fn(&str) -> bool), (&change.themes, is_theme as fn(&str) -> bool)] {
        let tags = tags.as_deref().unwrap_or_default();
        if tags.len() > TAGS_MAX {
            return Err(too_many());
        }
        if !tags.iter().all(|tag| known(tag)) {
            return Err(unknown());
        }
    }
    Ok(())
}

async fn apply(
    tx: &mut Tx,
    ctx: &Ctx,
    account: Uuid,
    id: Uuid,
    channel: &Channel,
    target: Option<&Channel>,
    change: &TopicChange,
) -> db::Result<Result<(), Problem>> {
    let taken = || Ok(Err(Problem::conflict("title_taken", "There is a topic of this title in the channel")));
    let Some(row) = topics::topic(tx, id).await?.filter(|row| row.channel == channel.id) else {
        return Ok(Err(Problem::not_found()));
    };
    let home = target.unwrap_or(channel);
    for place in [channel, home] {
        // It may have been archived since that was asked.
        if channels::is_archived(tx, place.id).await? {
            return Ok(Err(Problem::forbidden_for("archived")));
        }
    }
    let title = change.title.as_deref().unwrap_or(&row.title);
    if topics::by_title(tx, home.id, title).await?.is_some_and(|other| other != id) {
        return taken();
    }
    if let Some(target) = target {
        // Refuses before anything is numbered or written: a refusal leaves nothing behind.
        let last = match messages::relocate(tx, ctx, id, channel, target).await? {
            Ok(last) => last,
            Err(problem) => return Ok(Err(problem)),
        };
        let digest = topics::digest(tx, &row, None).await?;
        let left = changes::note(tx, channel.id, &Change { kind: Kind::Depart, id, digest: &[] }).await?;
        let arrived = changes::note(tx, target.id, &Change { kind: Kind::Topic, id, digest: &digest }).await?;
        topics::relocate(tx, id, (channel.id, left), (target.id, arrived), last).await?;
        let (hub, from, gone) = (ctx.hub.clone(), channel.id, messages::topic_gone(channel.id, id, left));
        tx.after_commit(move || hub.publish(from, gone));
        tell(tx, ctx, id, target.id, arrived).await?;
    }
    if change.title.is_some() || change.resolved.is_some() || change.countries.is_some() || change.themes.is_some() {
        let row = topics::topic(tx, id).await?.ok_or(db::Error::Malformed("topic"))?;
        let digest = topics::digest(tx, &row, change.title.as_deref()).await?;
        let seq = changes::note(tx, home.id, &Change { kind: Kind::Topic, id, digest: &digest }).await?;
        if change.title.is_some() {
            topics::rename(tx, id, title, seq).await?;
        }
        if let Some(resolved) = change.resolved {
            topics::resolve(tx, id, resolved.then(|| ctx.now()), account, seq).await?;
        }
        for (kind, values) in [("country", &change.countries), ("theme", &change.themes)] {
            if let Some(values) = values {
                topics::tag(tx, id, kind, values, seq).await?;
            }
        }
        tell(tx, ctx, id, home.id, seq).await?;
    }
    record(tx, ctx, account, id, channel, target, change).await?;
    Ok(Ok(()))
}

/// Writes into the record what was done to a topic: a row for each of its parts.
async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    account: Uuid,
    id: Uuid,
    channel: &Channel,
    target: Option<&Channel>,
    change: &TopicChange,
) -> db::Result<()> {
    let here = format!("channel:{}", target.unwrap_or(channel).id);
    let moved = target.map(|target| format!("from channel:{} to channel:{}", channel.id, target.id));
    let acts = [
        moved.map(|detail| ("topic.move", detail)),
        change.title.is_some().then(|| ("topic.rename", here.clone())),
        change.resolved.map(|resolved| (if resolved { "topic.resolve" } else { "topic.reopen" }, here.clone())),
        (change.countries.is_some() || change.themes.is_some()).then(|| ("topic.tag", here.clone())),
    ];
    for (what, detail) in acts.into_iter().flatten() {
        audit::record(tx, Act { at: ctx.now(), actor: Some(account), what, target: format!("topic:{id}"), detail }).await?;
    }
    Ok(())
}

/// Tells a topic's channel how it now stands.
async fn tell(tx: &mut Tx, ctx: &Ctx, id: Uuid, channel: Uuid, seq: i64) -> db::Result<()> {
    if let Some(row) = topics::topic(tx, id).await? {
        let (hub, change) = (ctx.hub.clone(), messages::topic_change(seq, row));
        tx.after_commit(move || hub.publish(channel, change));
    }
    Ok(())
}
