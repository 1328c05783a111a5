//! The steps of a referral, and what is ticked when a child has not arrived.

use axum::extract::State as Given;
use axum::http::StatusCode;
use uuid::Uuid;

use super::super::drafts::act;
use super::super::refused::{Refused, faulty, held};
use super::super::steps::{self, Step};
use super::super::{checklist, notice, opened, store};
use super::{Shared, unlocked_for};
use crate::access::ReferralAction;
use crate::audit;
use crate::base::guard;
use crate::base::http::{Json, Path, Problem};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::keys::Unlock;

/// Takes a step: sends, acknowledges, asks, answers, says yes or no, hands over, confirms the arrival, completes, takes back. Each
/// side takes its own.
#[utoipa::path(post, path = "/api/referrals/{id}/steps", tag = "referrals", params(("id" = Uuid, Path)), request_body = Step,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422), (status = 423)))]
pub(super) async fn take(
    Given(ctx): Shared,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
    Json(step): Json<Step>,
) -> Result<StatusCode, Problem> {
    let unlocked = unlocked_for(&ctx, &caller, &unlock, id).await?;
    let step = step.checked().map_err(faulty)?;
    guard::refuse(&step.text, ctx.now())?;
    let (db, actor) = (ctx.db.clone(), caller.actor.clone());
    let done: Result<(), Refused> = db.write(async move |tx| steps::take(tx, &ctx, &actor, &unlocked, id, &step).await).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ticks a step of what is done when a child has not arrived: both sides see by whom and when.
#[utoipa::path(put, path = "/api/referrals/{id}/checklist/{step}", tag = "referrals",
    params(("id" = Uuid, Path), ("step" = String, Path)),
    responses((status = 204), (status = 401), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn tick(
    Given(ctx): Shared,
    caller: Caller,
    unlock: Unlock,
    Path((id, step)): Path<(Uuid, String)>,
) -> Result<StatusCode, Problem> {
    set(ctx, caller, unlock, id, step, true).await
}

/// Takes a tick back.
#[utoipa::path(delete, path = "/api/referrals/{id}/checklist/{step}", tag = "referrals",
    params(("id" = Uuid, Path), ("step" = String, Path)),
    responses((status = 204), (status = 401), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn untick(
    Given(ctx): Shared,
    caller: Caller,
    unlock: Unlock,
    Path((id, step)): Path<(Uuid, String)>,
) -> Result<StatusCode, Problem> {
    set(ctx, caller, unlock, id, step, false).await
}

async fn set(ctx: Ctx, caller: Caller, unlock: Unlock, id: Uuid, step: String, done: bool) -> Result<StatusCode, Problem> {
    let unlocked = unlocked_for(&ctx, &caller, &unlock, id).await?;
    if !checklist::is_step(&step) {
        return Err(Problem::not_found());
    }
    let (db, actor) = (ctx.db.clone(), caller.actor.clone());
    let stored: Result<(), Refused> = db
        .write(async move |tx| {
            let opened = opened::open(tx, &actor, &unlocked, id).await?.ok_or_else(Problem::not_found)?;
            opened.allow(&actor, ReferralAction::Read)?;
            if opened.row.alarm_at.is_none() {
                return Err(held("referral_step").into());
            }
            let (by, at) = (actor.account, ctx.now());
            let what = if done {
                store::tick(tx, id, &step, by, at).await?;
                "referral.tick"
            } else {
                store::untick(tx, id, &step).await?;
                "referral.untick"
            };
            audit::record(tx, act(&ctx, Some(by), what, id, format!("step={step}"))).await?;
            Ok(notice::tell(tx, &ctx, id, "changed").await?)
        })
        .await;
    stored?;
    Ok(StatusCode::NO_CONTENT)
}
