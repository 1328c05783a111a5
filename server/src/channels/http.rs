//! Routes of channels, members, requests and read marks.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{
    ChannelRow, ChannelView, DESCRIPTION_MAX, DIRECT_PEOPLE, NAME_MAX, Naming, NewChannel, above_ceiling, ceiling, direct_key,
    highest,
};
use super::store;
use crate::access::handling::{RED, strictness};
use crate::access::{Action, Channel, ChannelKind, Decision, RegionAction, may};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::db::{self, AfterCommit};
use crate::base::http::{Cursor, Json, Page, Params, Path, Problem};
use crate::context::Ctx;
use crate::directory::{self, Person};
use crate::identity::Caller;
use crate::realtime::frame;
use crate::vocabulary::{is_country, is_theme};

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, change))
        .routes(routes!(archive, unarchive))
        .routes(routes!(members))
        .routes(routes!(add_member, remove_member))
        .routes(routes!(requests))
        .routes(routes!(ask, withdraw))
        .routes(routes!(mark_read))
        .with_state(ctx)
}

/// `me`, or an account.
fn somebody(who: &str, caller: &Caller) -> Result<Uuid, Problem> {
    if who == "me" { Ok(caller.account()) } else { who.parse().map_err(|_| Problem::not_found()) }
}

async fn view(ctx: &Ctx, caller: &Caller, channel: &Channel) -> Result<ChannelView, Problem> {
    let mut conn = ctx.db.read().await?;
    let row = store::one_for_reader(&mut conn, caller.account(), channel.id).await?.ok_or_else(Problem::not_found)?;
    drop(conn);
    dress(ctx, caller, channel, row).await
}

async fn dress(ctx: &Ctx, caller: &Caller, channel: &Channel, row: ChannelRow) -> Result<ChannelView, Problem> {
    let with = if channel.kind == ChannelKind::Direct {
        let mut conn = ctx.db.read().await?;
        let people = store::members(&mut conn, channel.id, None, 10).await?;
        let others: Vec<_> =
            people.into_iter().map(|(account, _)| account).filter(|account| *account != caller.account()).collect();
        directory::people_by_id(&mut conn, ctx, &others).await?
    } else {
        Vec::new()
    };
    Ok(ChannelView::new(row, channel, &caller.actor, with))
}

/// Every channel the reader may know of, with what is unread in it.
#[utoipa::path(get, path = "/api/channels", tag = "channels", responses((status = 200, body = Page<ChannelView>), (status = 401)))]
async fn list(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Page<ChannelView>>, Problem> {
    let rows = store::for_reader(&mut ctx.db.read().await?, caller.account()).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(channel) = ctx.standing.channel(row.id).await? else { continue };
        if may(&caller.actor, Action::Know, &channel) == Decision::Allow {
            items.push(dress(&ctx, &caller, &channel, row).await?);
        }
    }
    Ok(Json(Page::whole(items)))
}

/// One channel.
#[utoipa::path(get, path = "/api/channels/{id}", tag = "channels", params(("id" = Uuid, Path)),
    responses((status = 200, body = ChannelView), (status = 401), (status = 404)))]
async fn show(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<ChannelView>, Problem> {
    let channel = super::authorise(&ctx, &caller.actor, Action::Know, id).await?;
    view(&ctx, &caller, &channel).await.map(Json)
}

/// A channel to be opened: a direct one by its people, another by its name and place.
#[derive(Deserialize, ToSchema)]
struct Opening {
    /// `open`, `closed` or `direct`.
    kind: String,
    /// The others, for a direct channel.
    #[serde(default)]
    people: Vec<Uuid>,
    name: Option<Naming>,
    description: Option<Naming>,
    country: Option<String>,
    theme: Option<String>,
    /// What a post gets that names no marking; `green` when not named.
    marking: Option<String>,
    /// The strictest marking; as strict as the kind can carry when not named: `amber+strict` where everybody may join, else `red`.
    ceiling: Option<String>,
    /// Whether every post is graded.
    grading: Option<bool>,
    /// How many days what is said is kept: 1 to 3650; until somebody deletes it when not named.
    retention_days: Option<i64>,
}

/// Opens a channel. The same people always get the same direct channel.
#[utoipa::path(post, path = "/api/channels", tag = "channels", request_body = Opening,
    responses((status = 200, body = ChannelView), (status = 201, body = ChannelView), (status = 401), (status = 403), (status = 409), (status = 422)))]
async fn create(
    State(ctx): State<Ctx>,
    caller: Caller,
    Json(opening): Json<Opening>,
) -> Result<(StatusCode, Json<ChannelView>), Problem> {
    let kind: ChannelKind = opening.kind.parse().map_err(|()| Problem::bad_request("kind must be open, closed or direct"))?;
    let (new, members) = match kind {
        ChannelKind::Direct => direct(&ctx, &caller, &opening).await?,
        ChannelKind::Open | ChannelKind::Closed => (group(&ctx, &caller, kind, opening)?, vec![caller.account()]),
    };
    let (id, key, account) = (new.id, new.direct_key.clone(), caller.account());
    let made: db::Result<bool> = {
        let ctx = ctx.clone();
        let db = ctx.db.clone();
        db.write(async move |tx| {
            let made = super::create(tx, &ctx, &new, &members).await?;
            if made && new.kind != ChannelKind::Direct {
                super::changed(tx, &ctx, id, None);
                audit::record(tx, act(&ctx, account, "channel.open", id, String::new())).await?;
            }
            Ok(made)
        })
        .await
    };
    let made = made?;
    let id = match key {
        Some(key) if !made => store::by_direct_key(&mut ctx.db.read().await?, &key).await?.ok_or_else(Problem::not_found)?,
        _ if !made => return Err(Problem::conflict("conflict", "There is such a channel already")),
        _ => id,
    };
    // The caller became a member a moment ago: ask for the standing anew.
    let caller = caller.renewed(&ctx).await?;
    let channel = super::authorise(&ctx, &caller.actor, Action::Know, id).await?;
    let status = if made { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(view(&ctx, &caller, &channel).await?)))
}

async fn direct(ctx: &Ctx, caller: &Caller, opening: &Opening) -> Result<(NewChannel, Vec<Uuid>), Problem> {
    let mut people = opening.people.clone();
    people.push(caller.account());
    people.sort_unstable();
    people.dedup();
    if !DIRECT_PEOPLE.contains(&people.len()) {
        return Err(Problem::unprocessable("people_count", "A direct channel is for two to eight people")
            .with("limit", *DIRECT_PEOPLE.end()));
    }
    caller.allow(RegionAction::Converse)?;
    for person in &people {
        confirmed(ctx, *person).await?;
    }
    let channel =
        NewChannel { purpose: "direct", direct_key: Some(direct_key(&people)), ..blank(ctx, caller, ChannelKind::Direct) };
    Ok((channel, people))
}

/// Only who has been confirmed can be brought into a channel.
async fn confirmed(ctx: &Ctx, account: Uuid) -> Result<(), Problem> {
    let actor = ctx.standing.actor(account).await?.ok_or_else(Problem::not_found)?;
    if actor.is_confirmed() {
        Ok(())
    } else {
        Err(Problem::unprocessable("person_not_confirmed", "This person has not been confirmed yet"))
    }
}

fn group(ctx: &Ctx, caller: &Caller, kind: ChannelKind, opening: Opening) -> Result<NewChannel, Problem> {
    let (country, theme) = (opening.country, opening.theme);
    if country.as_deref().is_some_and(|code| !is_country(code)) || theme.as_deref().is_some_and(|slug| !is_theme(slug)) {
        return Err(Problem::unprocessable("tag_unknown", "There is no such country or theme"));
    }
    caller.allow(RegionAction::OpenChannel(country.as_deref(), theme.as_deref()))?;
    let name = opening.name.and_then(|name| name.words(NAME_MAX)).ok_or_else(name_invalid)?;
    let description = opening.description.map(|text| text.words(DESCRIPTION_MAX).ok_or_else(name_invalid)).transpose()?;
    let marking = opening.marking.unwrap_or_else(|| "green".into());
    let ceiling = Some(ceiling(kind, &marking, opening.ceiling.as_deref())?);
    let slug = match (&country, &theme) {
        (Some(country), Some(theme)) => Some(format!("{}-{theme}", country.to_lowercase())),
        _ => None,
    };
    let purpose = if slug.is_some() { "cell" } else { "group" };
    Ok(NewChannel {
        purpose,
        slug,
        name: Some(name),
        description,
        country,
        theme,
        marking,
        ceiling,
        grading: opening.grading.unwrap_or_default(),
        retention_days: super::retention(opening.retention_days)?,
        listed: kind == ChannelKind::Open,
        ..blank(ctx, caller, kind)
    })
}

fn blank(ctx: &Ctx, caller: &Caller, kind: ChannelKind) -> NewChannel {
    NewChannel {
        id: ctx.id(),
        kind,
        purpose: "group",
        slug: None,
        name: None,
        description: None,
        country: None,
        theme: None,
        marking: "green".into(),
        ceiling: None,
        grading: false,
        retention_days: None,
        listed: false,
        general: ctx.id(),
        direct_key: None,
        created_at: ctx.now(),
        created_by: Some(caller.account()),
    }
}

fn name_invalid() -> Problem {
    Problem::unprocessable("name_invalid", "This name can't be used").with("limit", NAME_MAX)
}

fn act<'a>(ctx: &Ctx, actor: Uuid, what: &'a str, channel: Uuid, detail: String) -> Act<'a> {
    Act { at: ctx.now(), actor: Some(actor), what, target: format!("channel:{channel}"), detail }
}

/// Whom an act on a member concerns, for the record; oneself needs no naming.
fn whom(account: Uuid, own: bool) -> String {
    if own { String::new() } else { account.to_string() }
}

/// What changes about a channel.
#[derive(Deserialize, ToSchema)]
struct Change {
    name: Option<Naming>,
    description: Option<Naming>,
    /// `open` or `closed`.
    kind: Option<String>,
    /// What a post gets that names no marking, and the least that holds for what was said before.
    marking: Option<String>,
    /// The strictest marking that may be said in it from now on.
    ceiling: Option<String>,
    /// Whether every post is graded.
    grading: Option<bool>,
    /// Whether pictures may be attached although everybody may read it.
    pictures: Option<bool>,
}

/// Changes a channel. A direct channel can't be widened: its people agreed to a private conversation.
#[utoipa::path(patch, path = "/api/channels/{id}", tag = "channels", params(("id" = Uuid, Path)), request_body = Change,
    responses((status = 200, body = ChannelView), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn change(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(change): Json<Change>,
) -> Result<Json<ChannelView>, Problem> {
    let before = super::authorise(&ctx, &caller.actor, Action::Manage, id).await?;
    if change.kind.is_some() {
        // Whoever may not read a closed channel may not lay it open either.
        super::authorise(&ctx, &caller.actor, Action::Moderate, id).await?;
    }
    if change.kind.as_deref().is_some_and(|kind| kind != "open" && kind != "closed") {
        return Err(Problem::bad_request("kind must be open or closed"));
    }
    let handling = handling(&before, &change)?;
    let name = change.name.map(|name| name.words(NAME_MAX).ok_or_else(name_invalid)).transpose()?;
    let description = change.description.map(|text| text.words(DESCRIPTION_MAX).ok_or_else(name_invalid)).transpose()?;
    let account = caller.account();
    let changed: db::Result<Result<(), Problem>> = {
        let ctx = ctx.clone();
        let db = ctx.db.clone();
        db.write(async move |tx| {
            if let Some(name) = &name {
                store::rename(tx, id, &name.en, &name.fr).await?;
            }
            if let Some(text) = &description {
                store::describe(tx, id, &text.en, &text.fr).await?;
            }
            if let Some(kind) = &change.kind {
                if kind == ChannelKind::Open.as_str() && store::holds_red(tx, id).await? {
                    return Ok(Err(above_ceiling(RED, highest(ChannelKind::Open))));
                }
                store::set_kind(tx, id, kind).await?;
            }
            if let Some((marking, ceiling, grading)) = &handling {
                store::set_handling(tx, id, marking, ceiling, *grading).await?;
                // What is kept for those who return still shows the marking of before.
                let hub = ctx.hub.clone();
                tx.after_commit(move || hub.forget(id));
            }
            if let Some(pictures) = change.pictures {
                store::set_pictures(tx, id, pictures).await?;
            }
            super::changed(tx, &ctx, id, Some(before.clone()));
            audit::record(tx, act(&ctx, account, "channel.change", id, String::new())).await?;
            Ok(Ok(()))
        })
        .await
    };
    changed??;
    let channel = super::authorise(&ctx, &caller.actor, Action::Know, id).await?;
    view(&ctx, &caller, &channel).await.map(Json)
}

/// Marking, ceiling and grading as a change leaves them; `None` if it leaves them alone. Who opens a channel to all lowers
/// its ceiling to what it can then carry.
fn handling(before: &Channel, change: &Change) -> Result<Option<(String, String, bool)>, Problem> {
    if change.marking.is_none() && change.ceiling.is_none() && change.grading.is_none() && change.kind.is_none() {
        return Ok(None);
    }
    let kind = change.kind.as_deref().and_then(|kind| kind.parse().ok()).unwrap_or(before.kind);
    let marking = change.marking.as_deref().unwrap_or(&before.marking);
    let lower = if strictness(&before.ceiling) > strictness(highest(kind)) { highest(kind) } else { &before.ceiling };
    let ceiling = ceiling(kind, marking, Some(change.ceiling.as_deref().unwrap_or(lower)))?;
    Ok(Some((marking.to_owned(), ceiling, change.grading.unwrap_or(before.grading))))
}

/// Makes a channel read-only.
#[utoipa::path(put, path = "/api/channels/{id}/archive", tag = "channels", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
async fn archive(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let now = ctx.now();
    set_archived(ctx, caller, id, Some(now)).await
}

/// Makes an archived channel writable again.
#[utoipa::path(delete, path = "/api/channels/{id}/archive", tag = "channels", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
async fn unarchive(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    set_archived(ctx, caller, id, None).await
}

async fn set_archived(ctx: Ctx, caller: Caller, id: Uuid, at: Option<i64>) -> Result<StatusCode, Problem> {
    let before = super::authorise(&ctx, &caller.actor, Action::Manage, id).await?;
    let what = if at.is_some() { "channel.archive" } else { "channel.unarchive" };
    let db = ctx.db.clone();
    let done: db::Result<()> = db
        .write(async move |tx| {
            store::set_archived(tx, id, at).await?;
            super::changed(tx, &ctx, id, Some(before.clone()));
            audit::record(tx, act(&ctx, caller.account(), what, id, String::new())).await
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody who belongs to a channel.
#[derive(Serialize, ToSchema)]
struct Member {
    person: Person,
    /// `moderator` if this person looks after the channel, else `member`.
    role: &'static str,
    since: String,
}

/// Who belongs to a channel.
#[utoipa::path(get, path = "/api/channels/{id}/members", tag = "channels", params(("id" = Uuid, Path), Cursor),
    responses((status = 200, body = Page<Member>), (status = 401), (status = 404)))]
async fn members(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Params(cursor): Params<Cursor>,
) -> Result<Json<Page<Member>>, Problem> {
    let channel = super::authorise(&ctx, &caller.actor, Action::Read, id).await?;
    let limit = cursor.limit()?;
    let mut conn = ctx.db.read().await?;
    let rows = store::members(&mut conn, id, cursor.position()?, limit + 1).await?;
    let page = Page::cut(rows, limit, |(account, _)| account.to_string());
    let accounts: Vec<_> = page.items.iter().map(|(account, _)| *account).collect();
    let people = directory::people_by_id(&mut conn, &ctx, &accounts).await?;
    drop(conn);
    let mut items = Vec::with_capacity(people.len());
    for person in people {
        let since = page.items.iter().find(|(account, _)| *account == person.id).map_or(0, |(_, since)| *since);
        let actor = ctx.standing.actor(person.id).await?;
        let role = if actor.is_some_and(|actor| actor.moderates(&channel)) { "moderator" } else { "member" };
        items.push(Member { person, role, since: rfc3339(since) });
    }
    Ok(Json(Page { items, next: page.next }))
}

/// Joins (`me`), or admits somebody.
#[utoipa::path(put, path = "/api/channels/{id}/members/{account}", tag = "channels",
    params(("id" = Uuid, Path), ("account" = String, Path, description = "An account, or me")),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
async fn add_member(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path((id, who)): Path<(Uuid, String)>,
) -> Result<StatusCode, Problem> {
    let account = somebody(&who, &caller)?;
    let own = account == caller.account();
    super::authorise(&ctx, &caller.actor, if own { Action::Join } else { Action::Moderate }, id).await?;
    if !own {
        confirmed(&ctx, account).await?;
    }
    let db = ctx.db.clone();
    let done: db::Result<()> = db
        .write(async move |tx| {
            if super::join(tx, &ctx, id, account).await? {
                let what = if own { "member.join" } else { "member.admit" };
                audit::record(tx, act(&ctx, caller.account(), what, id, whom(account, own))).await?;
            }
            Ok(())
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leaves (`me`), or removes somebody.
#[utoipa::path(delete, path = "/api/channels/{id}/members/{account}", tag = "channels",
    params(("id" = Uuid, Path), ("account" = String, Path, description = "An account, or me")),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
async fn remove_member(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path((id, who)): Path<(Uuid, String)>,
) -> Result<StatusCode, Problem> {
    let account = somebody(&who, &caller)?;
    let own = account == caller.account();
    super::authorise(&ctx, &caller.actor, if own { Action::Leave } else { Action::Moderate }, id).await?;
    let db = ctx.db.clone();
    let done: db::Result<bool> = db
        .write(async move |tx| {
            let left = super::leave(tx, &ctx, id, account).await?;
            if left {
                let what = if own { "member.leave" } else { "member.remove" };
                audit::record(tx, act(&ctx, caller.account(), what, id, whom(account, own))).await?;
            }
            Ok(left)
        })
        .await;
    if done? || own { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// Somebody who asks to be admitted.
#[derive(Serialize, ToSchema)]
struct JoinRequest {
    person: Person,
    created_at: String,
}

/// Who asks to be admitted, oldest first.
#[utoipa::path(get, path = "/api/channels/{id}/requests", tag = "channels", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<JoinRequest>), (status = 401), (status = 403), (status = 404)))]
async fn requests(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Page<JoinRequest>>, Problem> {
    super::authorise(&ctx, &caller.actor, Action::Moderate, id).await?;
    let mut conn = ctx.db.read().await?;
    let rows = store::requests(&mut conn, id).await?;
    let accounts: Vec<_> = rows.iter().map(|(account, _)| *account).collect();
    let people = directory::people_by_id(&mut conn, &ctx, &accounts).await?;
    let items = people.into_iter().map(|person| {
        let at = rows.iter().find(|(account, _)| *account == person.id).map_or(0, |(_, at)| *at);
        JoinRequest { person, created_at: rfc3339(at) }
    });
    Ok(Json(Page::whole(items.collect())))
}

/// Asks to be admitted (`me`).
#[utoipa::path(put, path = "/api/channels/{id}/requests/{account}", tag = "channels",
    params(("id" = Uuid, Path), ("account" = String, Path, description = "me")),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
async fn ask(State(ctx): State<Ctx>, caller: Caller, Path((id, who)): Path<(Uuid, String)>) -> Result<StatusCode, Problem> {
    if somebody(&who, &caller)? != caller.account() {
        return Err(Problem::forbidden());
    }
    super::authorise(&ctx, &caller.actor, Action::Ask, id).await?;
    let (account, now, db) = (caller.account(), ctx.now(), ctx.db.clone());
    let done: db::Result<()> = db
        .write(async move |tx| {
            if store::insert_request(tx, id, account, now).await? {
                audit::record(tx, act(&ctx, account, "member.ask", id, String::new())).await?;
            }
            Ok(())
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Withdraws one's own request (`me`), or refuses somebody's.
#[utoipa::path(delete, path = "/api/channels/{id}/requests/{account}", tag = "channels",
    params(("id" = Uuid, Path), ("account" = String, Path, description = "An account, or me")),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
async fn withdraw(State(ctx): State<Ctx>, caller: Caller, Path((id, who)): Path<(Uuid, String)>) -> Result<StatusCode, Problem> {
    let account = somebody(&who, &caller)?;
    let own = account == caller.account();
    super::authorise(&ctx, &caller.actor, if own { Action::Know } else { Action::Moderate }, id).await?;
    let db = ctx.db.clone();
    let done: db::Result<()> = db
        .write(async move |tx| {
            if store::delete_request(tx, id, account).await? {
                let what = if own { "member.withdraw" } else { "member.refuse" };
                audit::record(tx, act(&ctx, caller.account(), what, id, whom(account, own))).await?;
            }
            Ok(())
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// A read mark: up to which change, of the channel or of one topic.
#[derive(Deserialize, ToSchema)]
pub(super) struct Mark {
    pub(super) seq: i64,
    pub(super) topic: Option<Uuid>,
    /// A lower number makes unread again from there. Without this it does nothing: what is only looked at again stays read.
    #[serde(default)]
    pub(super) unread: bool,
}

/// A read mark as it now stands.
#[derive(Serialize, ToSchema)]
struct Marked {
    channel: Uuid,
    topic: Option<Uuid>,
    seq: i64,
    unread: i64,
    mentions: i64,
}

/// Marks as read up to a message; a lower number with `unread` marks as unread from there.
#[utoipa::path(put, path = "/api/channels/{id}/read", tag = "channels", params(("id" = Uuid, Path)), request_body = Mark,
    responses((status = 200, body = Marked), (status = 401), (status = 403), (status = 404)))]
async fn mark_read(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(mark): Json<Mark>,
) -> Result<Json<Marked>, Problem> {
    let account = caller.account();
    let topic = mark.topic;
    let seq = read_up_to(&ctx, &caller, id, mark, None).await?;
    let unread = store::unread(&mut ctx.db.read().await?, account, id).await?;
    Ok(Json(Marked { channel: id, topic, seq, unread: unread.unread, mentions: unread.mentions }))
}

/// Sets a mark and tells the person's other windows; where it now stands.
pub(super) async fn read_up_to(
    ctx: &Ctx,
    caller: &Caller,
    channel: Uuid,
    mark: Mark,
    window: Option<u64>,
) -> Result<i64, Problem> {
    let Mark { seq, topic, unread } = mark;
    let known = super::authorise(ctx, &caller.actor, Action::Read, channel).await?;
    let account = caller.account();
    if !caller.actor.belongs_to(&known) {
        return Err(Problem::forbidden_for("not_a_member"));
    }
    if let Some(topic) = topic {
        let place = super::topics::place(&mut ctx.db.read().await?, topic).await?;
        place.filter(|place| *place == channel).ok_or_else(Problem::not_found)?;
    }
    let ctx = ctx.clone();
    let db = ctx.db.clone();
    let done: db::Result<i64> = db
        .write(async move |tx| {
            // Nobody has read what isn't written yet.
            let seq = seq.clamp(0, store::head(tx, channel).await?);
            if let Some(before) = store::mark(tx, account, channel, topic).await?.filter(|before| seq < *before && !unread) {
                return Ok(before);
            }
            super::mark_read(tx, account, channel, topic, seq).await?;
            let hub = ctx.hub.clone();
            let text = frame::text(&serde_json::json!({"type": "read", "channel": channel, "topic": topic, "seq": seq}));
            tx.after_commit(move || hub.tell(account, &text, window));
            Ok(seq)
        })
        .await;
    Ok(done?)
}
