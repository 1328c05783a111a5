//! Who belongs to a channel, comes in, asks to and leaves.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::store;
use super::act;
use super::opening::confirmed;
use crate::access::Action;
use crate::audit;
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::base::http::{Cursor, Json, Page, Params, Path, Problem};
use crate::channels;
use crate::context::Ctx;
use crate::directory::{self, Person};
use crate::identity::Caller;

/// `me`, or an account.
fn somebody(who: &str, caller: &Caller) -> Result<Uuid, Problem> {
    if who == "me" { Ok(caller.account()) } else { who.parse().map_err(|_| Problem::not_found()) }
}

/// Whom an act on a member concerns, for the record; oneself needs no naming.
fn whom(account: Uuid, own: bool) -> String {
    if own { String::new() } else { account.to_string() }
}

/// Somebody who belongs to a channel.
#[derive(Serialize, ToSchema)]
pub(super) struct Member {
    person: Person,
    /// `moderator` if this person looks after the channel, else `member`.
    role: &'static str,
    since: String,
}

/// Who belongs to a channel.
#[utoipa::path(get, path = "/api/channels/{id}/members", tag = "channels", params(("id" = Uuid, Path), Cursor),
    responses((status = 200, body = Page<Member>), (status = 401), (status = 404)))]
pub(super) async fn members(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Params(cursor): Params<Cursor>,
) -> Result<Json<Page<Member>>, Problem> {
    let channel = channels::authorise(&ctx, &caller.actor, Action::Read, id).await?;
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
pub(super) async fn add_member(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path((id, who)): Path<(Uuid, String)>,
) -> Result<StatusCode, Problem> {
    let account = somebody(&who, &caller)?;
    let own = account == caller.account();
    channels::authorise(&ctx, &caller.actor, if own { Action::Join } else { Action::Moderate }, id).await?;
    if !own {
        confirmed(&ctx, account).await?;
    }
    let db = ctx.db.clone();
    let done: db::Result<()> = db
        .write(async move |tx| {
            if channels::join(tx, &ctx, id, account).await? {
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
pub(super) async fn remove_member(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path((id, who)): Path<(Uuid, String)>,
) -> Result<StatusCode, Problem> {
    let account = somebody(&who, &caller)?;
    let own = account == caller.account();
    channels::authorise(&ctx, &caller.actor, if own { Action::Leave } else { Action::Moderate }, id).await?;
    let db = ctx.db.clone();
    let done: db::Result<bool> = db
        .write(async move |tx| {
            let left = channels::leave(tx, &ctx, id, account).await?;
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
pub(super) struct JoinRequest {
    person: Person,
    created_at: String,
}

/// Who asks to be admitted, oldest first.
#[utoipa::path(get, path = "/api/channels/{id}/requests", tag = "channels", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<JoinRequest>), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn requests(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Page<JoinRequest>>, Problem> {
    channels::authorise(&ctx, &caller.actor, Action::Moderate, id).await?;
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
pub(super) async fn ask(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path((id, who)): Path<(Uuid, String)>,
) -> Result<StatusCode, Problem> {
    if somebody(&who, &caller)? != caller.account() {
        return Err(Problem::forbidden());
    }
    channels::authorise(&ctx, &caller.actor, Action::Ask, id).await?;
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
pub(super) async fn withdraw(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path((id, who)): Path<(Uuid, String)>,
) -> Result<StatusCode, Problem> {
    let account = somebody(&who, &caller)?;
    let own = account == caller.account();
    channels::authorise(&ctx, &caller.actor, if own { Action::Know } else { Action::Moderate }, id).await?;
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
