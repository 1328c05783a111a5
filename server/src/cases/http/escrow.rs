//! The escrow: what a member who has lost their keys sees and asks, and what its holders decide about.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::escrow;
use super::super::inside::{Refused, allowed};
use super::super::store::{self, Who};
use crate::access::{CaseAction, Decision, holds_escrow, may_agree};
use crate::base::clock::rfc3339;
use crate::base::db::{self, On};
use crate::base::http::{Json, Path, Problem};
use crate::context::Ctx;
use crate::identity::{Caller, stepped_up};
use crate::keys::escrow::{self as vault, Request};
use crate::keys::{self, Unlock};

/// Who holds a room's key for its members: any two of them together.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CaseEscrow)]
pub(super) struct Held {
    holders: Vec<Who>,
    since: String,
}

/// Who holds a room's key; `None` where the escrow is off, or holds it not yet.
pub(super) async fn held(conn: &mut impl On, room: Uuid) -> db::Result<Option<Held>> {
    let holders = vault::holders(conn).await?;
    let Some(since) = holders.iter().map(|holder| holder.since).max() else { return Ok(None) };
    if !vault::covers(conn, room).await? {
        return Ok(None);
    }
    let people = store::people(conn, holders.iter().map(|holder| holder.account)).await?;
    let holders = holders.iter().map(|holder| people.who(holder.account)).collect();
    Ok(Some(Held { holders, since: rfc3339(since) }))
}

/// What somebody has asked the escrow for, and what became of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CaseEscrowAsked)]
struct Last {
    /// `waiting`, `opened`, `refused`, `lapsed` or `over`.
    state: String,
    asked_at: String,
    /// Until when it waits.
    expires_at: String,
    /// The holder who has agreed already.
    first: Option<Who>,
    /// The holder who has refused, or agreed as the second one.
    ended_by: Option<Who>,
}

/// How a member may get back into a room whose key they have lost.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseWayBack)]
pub(super) struct WayBack {
    /// Whether the room's key is sealed to the reader's keys.
    holds_key: bool,
    escrow: Option<Held>,
    asked: Option<Last>,
}

/// How the reader, a member, may get back into a room whose key they have lost. Asked without open keys.
#[utoipa::path(get, path = "/api/cases/{id}/escrow", tag = "cases", params(("id" = Uuid, Path)),
    responses((status = 200, body = WayBack), (status = 401), (status = 404)))]
pub(super) async fn way_back(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<WayBack>, Problem> {
    allowed(&ctx, &caller, CaseAction::Read, id).await?;
    let mut conn = ctx.db.read().await?;
    let holds_key = keys::holds(&mut conn, id, caller.account()).await?;
    let escrow = held(&mut conn, id).await?;
    let asked = match vault::request_of(&mut conn, id, caller.account()).await? {
        Some(request) => Some(asked(&ctx, &mut conn, request).await?),
        None => None,
    };
    Ok(Json(WayBack { holds_key, escrow, asked }))
}

async fn asked(ctx: &Ctx, conn: &mut impl On, request: Request) -> db::Result<Last> {
    let people = store::people(conn, [request.first_by, request.ended_by].into_iter().flatten()).await?;
    Ok(Last {
        state: if request.has_lapsed(ctx.now()) { "lapsed".into() } else { request.state },
        asked_at: rfc3339(request.asked_at),
        expires_at: rfc3339(request.expires_at),
        first: request.first_by.map(|first| people.who(first)),
        ended_by: request.ended_by.map(|by| people.who(by)),
    })
}

/// What was asked for.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseEscrowRequested)]
pub(super) struct Made {
    id: Uuid,
    /// Until when it waits.
    expires_at: String,
}

/// Asks the escrow's holders for a room's key, for the keys that one has now: for a member who has lost theirs. Two of the three
/// have to agree within a day; all members are told.
#[utoipa::path(post, path = "/api/cases/{id}/escrow", tag = "cases", params(("id" = Uuid, Path)),
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn ask(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    allowed(&ctx, &caller, CaseAction::Read, id).await?;
    unlock.of(&ctx, &caller).await?;
    in_person(&caller)?;
    let (inner, actor) = (ctx.clone(), caller.actor.clone());
    let done: Result<Request, Refused> = ctx.db.write(async move |tx| escrow::ask(tx, &inner, &actor, id).await).await;
    let asked = done?;
    Ok((StatusCode::CREATED, Json(Made { id: asked.id, expires_at: rfc3339(asked.expires_at) })))
}

/// Somebody who has lost the key of a room and asks for it. A holder learns no more of the room.
#[derive(Serialize, ToSchema)]
#[schema(as = EscrowRequest)]
struct Waiting {
    id: Uuid,
    /// As people call the room.
    reference: String,
    by: Who,
    asked_at: String,
    expires_at: String,
    /// The holder who has agreed already.
    first: Option<Who>,
    /// Whether the reader has asked for it.
    mine: bool,
    may_agree: bool,
}

/// What waits for the escrow's holders.
#[derive(Serialize, ToSchema)]
#[schema(as = EscrowDesk)]
pub(super) struct Desk {
    /// What lapses first comes first.
    items: Vec<Waiting>,
    holders: Vec<Who>,
}

/// Those who have lost the key of a room and ask the escrow for it: for its holders. Nobody else learns that there is one.
#[utoipa::path(get, path = "/api/escrow", tag = "cases", responses((status = 200, body = Desk), (status = 401), (status = 404)))]
pub(super) async fn list(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Desk>, Problem> {
    let mut conn = ctx.db.read().await?;
    let holders = vault::named(&vault::holders(&mut conn).await?);
    if !holds_escrow(&caller.actor, &holders) {
        return Err(Problem::not_found());
    }
    let mut waiting = Vec::new();
    for request in vault::waiting(&mut conn).await? {
        if request.waits(ctx.now()) && escrow::stands(&mut conn, &ctx, &request).await? {
            waiting.extend(store::room(&mut conn, request.space).await?.map(|room| (request, room.reference)));
        }
    }
    let named = waiting.iter().flat_map(|(request, _)| [Some(request.account), request.first_by]).flatten();
    let named: Vec<Uuid> = named.chain(holders.iter().map(|(account, _)| *account)).collect();
    let people = store::people(&mut conn, named).await?;
    let show = |(request, reference): (Request, String)| Waiting {
        id: request.id,
        reference,
        by: people.who(request.account),
        asked_at: rfc3339(request.asked_at),
        expires_at: rfc3339(request.expires_at),
        first: request.first_by.map(|first| people.who(first)),
        mine: request.account == caller.account(),
        may_agree: may_agree(&caller.actor, &holders, request.account, request.first_by) == Decision::Allow,
    };
    let items = waiting.into_iter().map(show).collect();
    Ok(Json(Desk { items, holders: holders.iter().map(|(account, _)| people.who(*account)).collect() }))
}

/// What an agreement has come to.
#[derive(Serialize, ToSchema)]
#[schema(as = EscrowAgreed)]
pub(super) struct Agreed {
    /// Whether who has asked holds the key again; if not, a second holder has to agree, too.
    opened: bool,
}

/// Agrees that somebody gets a room's key again: for a holder of the escrow, with open keys. The second one's agreement lets
/// them in.
#[utoipa::path(post, path = "/api/escrow/{id}/agreement", tag = "cases", params(("id" = Uuid, Path)),
    responses((status = 200, body = Agreed), (status = 401), (status = 403), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn agree(
    State(ctx): State<Ctx>,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
) -> Result<Json<Agreed>, Problem> {
    holds(&ctx, &caller).await?;
    let unlocked = unlock.of(&ctx, &caller).await?;
    in_person(&caller)?;
    let (inner, actor) = (ctx.clone(), caller.actor.clone());
    let done: Result<escrow::Settled, Refused> =
        ctx.db.write(async move |tx| escrow::agree(tx, &inner, &actor, &unlocked, id).await).await;
    Ok(Json(Agreed { opened: done?? }))
}

/// Refuses that somebody gets a room's key again, which ends it: for a holder of the escrow.
#[utoipa::path(post, path = "/api/escrow/{id}/refusal", tag = "cases", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 404), (status = 409)))]
pub(super) async fn refuse(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    holds(&ctx, &caller).await?;
    let (inner, actor) = (ctx.clone(), caller.actor.clone());
    let done: Result<(), Refused> = ctx.db.write(async move |tx| escrow::refuse(tx, &inner, &actor, id).await).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// What four eyes decide about is decided by people in person, who have shown just now who they are.
fn in_person(caller: &Caller) -> Result<(), Problem> {
    if caller.by_token {
        return Err(Problem::forbidden_for("session_needed"));
    }
    stepped_up(caller)
}

/// Who holds nothing gets the answer for nothing there before anything is said about keys.
async fn holds(ctx: &Ctx, caller: &Caller) -> Result<(), Problem> {
    let holders = vault::named(&vault::holders(&mut ctx.db.read().await?).await?);
    holds_escrow(&caller.actor, &holders).then_some(()).ok_or_else(Problem::not_found)
}
