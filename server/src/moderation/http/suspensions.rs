//! Suspending somebody: one proposes it, another one confirms.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Made, Named};
use crate::access::{Decision, RegionAction};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::base::http::{Json, Page, Path, Problem};
use crate::context::Ctx;
use crate::identity::{self, Caller};
use crate::moderation::count;
use crate::moderation::decide::note;
use crate::moderation::hold::{open, seal};
use crate::moderation::model::PROPOSAL_FOR;
use crate::moderation::review;
use crate::moderation::store::{self, Note, Proposal};

pub(super) fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(propose))
        .routes(routes!(list))
        .routes(routes!(confirm))
        .routes(routes!(take_back))
        .with_state(ctx)
}

/// Why somebody should be suspended.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSuspension)]
struct Proposed {
    /// The second person reads it.
    reason: String,
}

/// Proposes to suspend somebody. Nothing happens until another one confirms it, within a day.
#[utoipa::path(post, path = "/api/people/{id}/suspension-proposal", tag = "moderation", params(("id" = Uuid, Path)),
    request_body = Proposed,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn propose(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Proposed>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let target = ctx.standing.actor(id).await?;
    let country = target.as_ref().and_then(|target| target.country.clone());
    let holds_powers = target.as_ref().is_some_and(|target| target.holds_powers());
    caller.allow(RegionAction::Suspend { country: country.as_deref(), account: id, holds_powers, proposed_by: None })?;
    target.ok_or_else(Problem::not_found)?;
    identity::stepped_up(&caller)?;
    let reason =
        note(Some(&wish.reason))?.ok_or_else(|| Problem::unprocessable("reason_missing", "The other one must know why"))?;
    let made = ctx.id();
    let sealed = seal(&ctx, made, &reason)?;
    let (by, now) = (caller.account(), ctx.now());
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            let note = Note { id: made, account: id, sealed: &sealed, at: now, by };
            if !store::propose(tx, &note, now + PROPOSAL_FOR).await? {
                return Ok(false);
            }
            record(tx, now, by, "account.propose_suspension", id).await?;
            Ok(true)
        })
        .await;
    let known = || Problem::conflict("already_proposed", "Somebody has proposed this already");
    if done? { Ok((StatusCode::CREATED, Json(Made { id: made }))) } else { Err(known()) }
}

async fn record(tx: &mut db::Tx, at: i64, by: Uuid, what: &str, account: Uuid) -> db::Result<()> {
    audit::record(tx, Act { at, actor: Some(by), what, target: format!("account:{account}"), detail: String::new() }).await
}

/// A proposal to suspend somebody.
#[derive(Serialize, ToSchema)]
#[schema(as = SuspensionProposal)]
struct Item {
    id: Uuid,
    person: Named,
    country: Option<String>,
    reason: String,
    proposed_by: Named,
    expires_at: String,
    /// Whether the caller may confirm it: not who has proposed it.
    may_confirm: bool,
}

/// The open proposals that one could have made.
#[utoipa::path(get, path = "/api/moderation/suspensions", tag = "moderation",
    responses((status = 200, body = Page<Item>), (status = 401), (status = 403)))]
async fn list(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Page<Item>>, Problem> {
    if !caller.actor.holds_powers() {
        return Err(Problem::forbidden());
    }
    let rows = review::proposals(&ctx, &caller.actor).await?;
    let items = rows.into_iter().map(|(row, decision)| Item {
        reason: open(&ctx, row.id, &row.reason).unwrap_or_default(),
        id: row.id,
        person: Named { id: row.account, name: row.name },
        country: row.country,
        proposed_by: Named { id: row.proposed_by, name: row.proposer },
        expires_at: rfc3339(row.expires_at),
        may_confirm: decision == Decision::Allow,
    });
    Ok(Json(Page::whole(items.collect())))
}

async fn proposal(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<(Proposal, Decision), Problem> {
    let rows = review::proposals(ctx, &caller.actor).await?;
    rows.into_iter().find(|(row, _)| row.id == id).ok_or_else(Problem::not_found)
}

/// Confirms that somebody is suspended. Their sessions end at once.
#[utoipa::path(put, path = "/api/moderation/suspensions/{id}/confirmation", tag = "moderation", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn confirm(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let (row, decision) = proposal(&ctx, &caller, id).await?;
    if decision != Decision::Allow {
        return Err(Problem::forbidden_for("other_person_needed"));
    }
    identity::stepped_up(&caller)?;
    let (by, now, inner) = (caller.account(), ctx.now(), ctx.clone());
    let done: db::Result<Result<(), Problem>> = ctx
        .db
        .write(async move |tx| {
            if identity::other_administrators(tx, &inner, row.account).await? == 0 {
                return Ok(Err(Problem::conflict("last_administrator", "The last administrator stays")));
            }
            if !store::confirm(tx, id, by, now).await? {
                return Ok(Err(review::already()));
            }
            identity::set_suspended(tx, &inner, row.account, true).await?;
            count(tx, now, "suspended").await?;
            record(tx, now, by, "account.suspend", row.account).await?;
            Ok(Ok(()))
        })
        .await;
    done??;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a proposal back: who has made it, or anybody who could have.
#[utoipa::path(delete, path = "/api/moderation/suspensions/{id}", tag = "moderation", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 404), (status = 409)))]
async fn take_back(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let (row, _) = proposal(&ctx, &caller, id).await?;
    let (by, now) = (caller.account(), ctx.now());
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if !store::take_back(tx, id, now).await? {
                return Ok(false);
            }
            record(tx, now, by, "account.drop_suspension", row.account).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(review::already()) }
}
