//! Who answers for an organisation, and who works in it.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::acts;
use super::super::model::FOCAL_POINTS_MAX;
use super::super::store::{self, PersonRow};
use super::{Desk, act, faulty, organisation};
use crate::access::RegionAction;
use crate::audit;
use crate::base::http::{Json, Path, Problem};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::vocabulary::is_theme;

/// For what somebody answers.
#[derive(Deserialize, ToSchema)]
#[schema(as = FocalPointNaming)]
pub(super) struct Naming {
    /// A theme's slug; null: everything.
    theme: Option<String>,
}

async fn person(ctx: &Ctx, account: Uuid) -> Result<PersonRow, Problem> {
    store::person(&mut ctx.db.read().await?, account).await?.ok_or_else(Problem::not_found)
}

/// Lets somebody of an organisation answer for it: for everything, or for one theme. Nobody names themselves.
#[utoipa::path(put, path = "/api/organisations/{id}/focal-points/{account}", tag = "directory",
    params(("id" = Uuid, Path), ("account" = Uuid, Path)), request_body = Naming,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub(super) async fn name(
    State(desk): State<Desk>,
    caller: Caller,
    Path((id, account)): Path<(Uuid, Uuid)>,
    Json(naming): Json<Naming>,
) -> Result<StatusCode, Problem> {
    let row = organisation(&desk.ctx, &caller, id).await?;
    caller.allow(RegionAction::KeepDirectory(row.country.as_deref()))?;
    let person = person(&desk.ctx, account).await?;
    if account == caller.account() {
        return Err(Problem::forbidden());
    }
    if naming.theme.as_deref().is_some_and(|slug| !is_theme(slug)) {
        return Err(faulty("tag_unknown"));
    }
    if person.organisation_id != Some(id) {
        return Err(Problem::unprocessable("not_of_organisation", "This person works elsewhere"));
    }
    let confirmed = desk.ctx.standing.actor(account).await?.is_some_and(|actor| actor.is_confirmed());
    if !confirmed {
        return Err(Problem::unprocessable("focal_point_not_confirmed", "Nobody has confirmed yet who this is"));
    }
    let ctx = desk.ctx.clone();
    let named: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            let there = store::focal_of_organisations(tx, &[id]).await?;
            let others = there.iter().filter(|naming| naming.account != account).count();
            if others >= FOCAL_POINTS_MAX {
                return Err(Problem::unprocessable("too_many", "There are enough focal points").with("limit", FOCAL_POINTS_MAX));
            }
            acts::name_focal_point(tx, &ctx, id, account, naming.theme.as_deref(), Some(caller.account())).await?;
            let detail = format!("account:{account} {}", naming.theme.as_deref().unwrap_or("everything"));
            audit::record(tx, act(&ctx, &caller, "focal_point.name", format!("organisation:{id}"), detail)).await?;
            Ok(())
        })
        .await;
    named?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody answers for an organisation no longer. One may step down oneself.
#[utoipa::path(delete, path = "/api/organisations/{id}/focal-points/{account}", tag = "directory",
    params(("id" = Uuid, Path), ("account" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn unname(
    State(desk): State<Desk>,
    caller: Caller,
    Path((id, account)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Problem> {
    let row = organisation(&desk.ctx, &caller, id).await?;
    if account != caller.account() {
        caller.allow(RegionAction::KeepDirectory(row.country.as_deref()))?;
    }
    let ctx = desk.ctx.clone();
    let taken: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            if !acts::remove_focal_point(tx, &ctx, id, account).await? {
                return Err(Problem::not_found());
            }
            let detail = format!("account:{account}");
            audit::record(tx, act(&ctx, &caller, "focal_point.remove", format!("organisation:{id}"), detail)).await?;
            Ok(())
        })
        .await;
    taken?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts somebody into an organisation. It takes the power over both: over the organisation's country and the person's.
#[utoipa::path(put, path = "/api/organisations/{id}/people/{account}", tag = "directory",
    params(("id" = Uuid, Path), ("account" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn place(
    State(desk): State<Desk>,
    caller: Caller,
    Path((id, account)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Problem> {
    let row = organisation(&desk.ctx, &caller, id).await?;
    caller.allow(RegionAction::KeepDirectory(row.country.as_deref()))?;
    let person = person(&desk.ctx, account).await?;
    caller.allow(RegionAction::KeepDirectory(person.country.as_deref()))?;
    let ctx = desk.ctx.clone();
    let placed: Result<(), Problem> = desk
        .ctx
        .db
        .write(async move |tx| {
            acts::place(tx, &ctx, account, &row).await?;
            let detail = format!("account:{account}");
            audit::record(tx, act(&ctx, &caller, "organisation.place", format!("organisation:{id}"), detail)).await?;
            Ok(())
        })
        .await;
    placed?;
    Ok(StatusCode::NO_CONTENT)
}
