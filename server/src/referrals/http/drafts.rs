//! Drafts: beginning, changing, and a second person's word.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::content::{Checked, Wish};
use super::super::drafts;
use super::super::refused::{Refused, faulty};
use super::{Shared, unlocked_for};
use crate::access::RegionAction;
use crate::base::guard;
use crate::base::http::{Json, Path, Problem};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::keys::Unlock;

fn checked(ctx: &Ctx, wish: Wish) -> Result<Checked, Problem> {
    let checked = wish.checked().map_err(faulty)?;
    for text in checked.content.texts() {
        guard::refuse(text, ctx.now())?;
    }
    Ok(checked)
}

/// A referral to be begun.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewReferral)]
pub(super) struct New {
    /// The case that it comes from.
    case: Uuid,
    #[serde(flatten)]
    wish: Wish,
}

/// What was made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewReferralMade)]
pub(super) struct Made {
    id: Uuid,
}

/// Begins a referral, for who may refer from the case's room. Nobody else learns of it before it is sent.
#[utoipa::path(post, path = "/api/referrals", tag = "referrals", request_body = New,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422),
        (status = 423)))]
pub(super) async fn create(
    Given(ctx): Shared,
    caller: Caller,
    unlock: Unlock,
    Json(New { case, wish }): Json<New>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let unlocked = unlock.of(&ctx, &caller).await?;
    let draft = checked(&ctx, wish)?;
    let (id, db, actor) = (ctx.id(), ctx.db.clone(), caller.actor.clone());
    let stored: Result<(), Refused> =
        db.write(async move |tx| drafts::create(tx, &ctx, &actor, &unlocked, id, case, &draft).await).await;
    stored?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// A draft as it should be.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReferralChange)]
pub(super) struct Change {
    #[serde(flatten)]
    wish: Wish,
    /// The one that was read.
    revision: i64,
}

/// Changes a draft: for the sender's people.
#[utoipa::path(put, path = "/api/referrals/{id}", tag = "referrals", params(("id" = Uuid, Path)), request_body = Change,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422), (status = 423)))]
pub(super) async fn change(
    Given(ctx): Shared,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
    Json(Change { wish, revision }): Json<Change>,
) -> Result<StatusCode, Problem> {
    let unlocked = unlocked_for(&ctx, &caller, &unlock, id).await?;
    let draft = checked(&ctx, wish)?;
    let (db, actor) = (ctx.db.clone(), caller.actor.clone());
    let done: Result<(), Refused> =
        db.write(async move |tx| drafts::change(tx, &ctx, &actor, &unlocked, id, &draft, revision).await).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was read.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReferralApproval)]
pub(super) struct Approval {
    /// The draft that was read: what has changed since isn't approved.
    revision: i64,
}

/// Says that a referral goes on although consent or assent is missing: for another person of the sender than who has asked. It
/// holds for a day, and for what was read.
#[utoipa::path(post, path = "/api/referrals/{id}/approval", tag = "referrals", params(("id" = Uuid, Path)), request_body = Approval,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 423)))]
pub(super) async fn approve(
    Given(ctx): Shared,
    caller: Caller,
    unlock: Unlock,
    Path(id): Path<Uuid>,
    Json(Approval { revision }): Json<Approval>,
) -> Result<StatusCode, Problem> {
    let unlocked = unlocked_for(&ctx, &caller, &unlock, id).await?;
    let (db, actor) = (ctx.db.clone(), caller.actor.clone());
    let done: Result<(), Refused> =
        db.write(async move |tx| drafts::approve(tx, &ctx, &actor, &unlocked, id, revision).await).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}
