//! Asking for what takes two, and deciding about it.

mod carry_out;
mod reading;
mod table;

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{HOLDS_FOR, OPEN_MAX, State, What};
use super::notice;
use super::rules::{self, Seen};
use super::store::{self, New};
use crate::access::Decision;
use crate::access::handling::{LEAVING, is_carried};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::base::http::{Json, Page, Path, Problem};
use crate::channels;
use crate::context::Ctx;
use crate::identity::{self, Caller};
use crate::moderation;

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(ask, list))
        .routes(routes!(decide))
        .routes(routes!(withdraw))
        .with_state(ctx.clone())
        .merge(carry_out::router(ctx))
}

/// Somebody by name.
#[derive(Serialize, ToSchema)]
#[schema(as = ApprovalPerson)]
struct Named {
    id: Uuid,
    name: String,
}

/// What is asked for, and why.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewApproval)]
struct Wish {
    what: What,
    /// The other one reads it; nothing that tells who somebody is.
    reason: String,
}

/// What was asked for.
#[derive(Serialize, ToSchema)]
#[schema(as = NewApprovalMade)]
struct Made {
    id: Uuid,
}

/// Something that takes two.
#[derive(Serialize, ToSchema)]
#[schema(as = Approval)]
struct Item {
    id: Uuid,
    what: What,
    reason: String,
    asked_by: Named,
    /// RFC 3339.
    asked_at: String,
    /// Nothing comes of it after that (RFC 3339).
    expires_at: String,
    state: State,
    decided_by: Option<Named>,
    /// RFC 3339.
    decided_at: Option<String>,
    /// Whether it waits for a decision and the caller may make it: never who has asked for it.
    may_decide: bool,
    /// Whether the caller may refuse it, also when it is approved and not yet done.
    may_refuse: bool,
    /// Whether it is approved and the caller's to do.
    may_use: bool,
}

impl Item {
    fn new(ctx: &Ctx, Seen { row, what, state, decision }: Seen, account: Uuid) -> Self {
        Self {
            reason: moderation::open(ctx, row.id, &row.reason).unwrap_or_default(),
            may_decide: state == State::Waiting && decision == Decision::Allow,
            may_refuse: state.is_open() && decision == Decision::Allow,
            may_use: state == State::Approved && row.asked_by == account,
            id: row.id,
            what,
            asked_by: Named { id: row.asked_by, name: row.asked_name },
            asked_at: rfc3339(row.asked_at),
            expires_at: rfc3339(row.expires_at),
            state,
            decided_by: row.decided_by.map(|id| Named { id, name: row.decided_name.unwrap_or_default() }),
            decided_at: row.decided_at.map(rfc3339),
        }
    }
}

/// Refuses a program, and who hasn't proven within ten minutes who they are: a signature takes a person.
fn in_person(caller: &Caller) -> Result<(), Problem> {
    if caller.by_token {
        return Err(Problem::forbidden_for("session_needed"));
    }
    identity::stepped_up(caller)
}

/// An act about what was asked for, as the record has it.
fn act(ctx: &Ctx, by: Uuid, what: &'static str, id: Uuid, about: &What) -> Act<'static> {
    Act { at: ctx.now(), actor: Some(by), what, target: format!("approval:{id}"), detail: about.recorded() }
}

/// Asks for something that takes two: an export, the list of members, several posts as they were written, another
/// retention. Nothing happens until another person approves it and the caller does it, within a day.
#[utoipa::path(post, path = "/api/approvals", tag = "approvals", request_body = Wish,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn ask(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Json(Wish { what, reason }): Json<Wish>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    if !what.is_sound() {
        return Err(Problem::unprocessable("approval_invalid", "What is asked for can't be done"));
    }
    if let What::Retention { days, .. } = what {
        channels::retention(days)?;
    }
    rules::allow_asking(&ctx, &caller.actor, &what).await?;
    in_person(&caller)?;
    refuse_void(&ctx, &what).await?;
    let missing = || Problem::unprocessable("reason_missing", "The other one must know why");
    let reason = moderation::note(Some(&reason))?.ok_or_else(missing)?;
    let (by, now, id) = (caller.account(), ctx.now(), ctx.id());
    let reason = moderation::seal(&ctx, id, &reason)?;
    let json = serde_json::to_string(&what).map_err(|error| Problem::internal(&error))?;
    let (inner, db) = (ctx.clone(), ctx.db.clone());
    let made: db::Result<bool> = db
        .write(async move |tx| {
            if store::open(tx, by, now).await? >= OPEN_MAX {
                return Ok(false);
            }
            let upto = match what.channel() {
                Some(channel) => channels::head(tx, channel).await?,
                None => 0,
            };
            let new = New { id, what: &json, upto, reason: &reason, by, at: now, expires_at: now + HOLDS_FOR };
            store::insert(tx, &new).await?;
            notice::changed(tx, &inner, id);
            audit::record(tx, act(&inner, by, "approval.ask", id, &what)).await?;
            Ok(true)
        })
        .await;
    let many = || Problem::conflict("approvals_many", "Too much is asked for at a time").with("limit", OPEN_MAX);
    if made? { Ok((StatusCode::CREATED, Json(Made { id }))) } else { Err(many()) }
}

/// Refuses what would come to nothing: taking out what is said in a channel of which nothing may leave.
async fn refuse_void(ctx: &Ctx, what: &What) -> Result<(), Problem> {
    let What::ChannelExport { channel, .. } = what else { return Ok(()) };
    let channel = ctx.standing.channel(*channel).await?.ok_or_else(Problem::not_found)?;
    if is_carried(&channel.marking, LEAVING) {
        return Ok(());
    }
    Err(Problem::conflict("nothing_may_leave", "What is said in this channel may not leave the platform"))
}

/// What takes two and concerns the caller: what they have asked for, and what they could have asked for.
#[utoipa::path(get, path = "/api/approvals", tag = "approvals",
    responses((status = 200, body = Page<Item>), (status = 401), (status = 403)))]
async fn list(Given(ctx): Given<Ctx>, caller: Caller) -> Result<Json<Page<Item>>, Problem> {
    if !caller.actor.holds_powers() {
        return Err(Problem::forbidden());
    }
    let all = rules::all(&ctx, &caller.actor).await?;
    Ok(Json(Page::whole(all.into_iter().map(|seen| Item::new(&ctx, seen, caller.account())).collect())))
}

/// A decision.
#[derive(Deserialize, ToSchema)]
#[schema(as = ApprovalDecision)]
struct Verdict {
    approved: bool,
}

/// Approves or refuses what another person has asked for; refuses also what is approved and not yet done.
#[utoipa::path(put, path = "/api/approvals/{id}/decision", tag = "approvals", params(("id" = Uuid, Path)),
    request_body = Verdict,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn decide(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Verdict { approved }): Json<Verdict>,
) -> Result<StatusCode, Problem> {
    let Seen { what, state, decision, .. } = rules::find(&ctx, &caller.actor, id).await?;
    rules::permitted(decision)?;
    if !state.is_open() {
        return Err(rules::over());
    }
    in_person(&caller)?;
    let (by, now, inner) = (caller.account(), ctx.now(), ctx.clone());
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if !store::decide(tx, id, approved, by, now).await? {
                return Ok(false);
            }
            notice::changed(tx, &inner, id);
            let word = if approved { "approval.approve" } else { "approval.refuse" };
            audit::record(tx, act(&inner, by, word, id, &what)).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(rules::over()) }
}

/// Takes back what one has asked for.
#[utoipa::path(delete, path = "/api/approvals/{id}", tag = "approvals", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn withdraw(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let Seen { row, what, .. } = rules::find(&ctx, &caller.actor, id).await?;
    if row.asked_by != caller.account() {
        return Err(Problem::forbidden_for("only_who_asked"));
    }
    let (by, now, inner) = (caller.account(), ctx.now(), ctx.clone());
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if !store::withdraw(tx, id, by, now).await? {
                return Ok(false);
            }
            notice::changed(tx, &inner, id);
            audit::record(tx, act(&inner, by, "approval.withdraw", id, &what)).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(rules::over()) }
}
