//! What a campaign shows and hands out.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::codes::LICENCES;
use super::super::held::HELD;
use super::super::model::{State, audience_languages, line, some_of};
use super::super::store::{self, NewMaterial};
use super::super::views::CampaignView;
use super::super::whole::authorise;
use super::{Desk, faulty, guarded, not_now, one, overtaken};
use crate::access::{Decision, ItemAction};
use crate::base::http::{Json, Path, Problem};
use crate::files;
use crate::identity::Caller;

/// Materials of a campaign at most.
const MATERIALS_MAX: usize = 40;

/// A material to be added.
#[derive(Deserialize, ToSchema)]
#[schema(as = CampaignMaterialWish)]
pub(super) struct Wish {
    title: String,
    languages: Vec<String>,
    /// `cc-by`, `cc-by-sa`, `cc-by-nc`, `own` or `ask`.
    licence: String,
    /// Who has permitted to copy it, and what.
    #[serde(default)]
    permission: String,
    /// A file of the caller's own that hangs on nothing yet.
    file: Option<Uuid>,
}

/// Adds a material. Somebody else approves it before the campaign runs.
#[utoipa::path(post, path = "/api/campaigns/{id}/materials", tag = "campaigns", params(("id" = Uuid, Path)), request_body = Wish,
    responses((status = 201, body = CampaignView), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn add(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<CampaignView>), Problem> {
    let ctx = desk.ctx.clone();
    let whole = authorise(&ctx, &caller.actor, ItemAction::Change, id).await?;
    if whole.state == State::Archived {
        return Err(not_now());
    }
    if whole.materials.len() >= MATERIALS_MAX {
        return Err(faulty("too_many").with("limit", MATERIALS_MAX));
    }
    let title = line(&wish.title).map_err(faulty)?;
    if title.is_empty() {
        return Err(faulty("text_missing"));
    }
    let new = NewMaterial {
        id: ctx.id(),
        title,
        languages: audience_languages(wish.languages).map_err(faulty)?.join(" "),
        licence: some_of(&[wish.licence], &LICENCES).map_err(faulty)?.concat(),
        permission: line(&wish.permission).map_err(faulty)?,
        file: wish.file,
        by: caller.account(),
        at: ctx.now(),
    };
    guarded(&ctx, [new.title.as_str(), new.permission.as_str()])?;
    let added: Result<(), Problem> = ctx
        .db
        .write(async move |tx| {
            files::attach(tx, new.file.as_slice(), HELD, id, new.by).await??;
            Ok(store::insert_material(tx, id, &new).await?)
        })
        .await;
    added?;
    Ok((StatusCode::CREATED, one::again(&desk, &caller, id).await?))
}

/// Takes a material away.
#[utoipa::path(delete, path = "/api/campaigns/{id}/materials/{material}", tag = "campaigns",
    params(("id" = Uuid, Path), ("material" = Uuid, Path)),
    responses((status = 200, body = CampaignView), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn remove(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path((id, material)): Path<(Uuid, Uuid)>,
) -> Result<Json<CampaignView>, Problem> {
    let ctx = desk.ctx.clone();
    let whole = authorise(&ctx, &caller.actor, ItemAction::Change, id).await?;
    if whole.state == State::Archived {
        return Err(not_now());
    }
    let row = store::material(&mut ctx.db.read().await?, id, material).await?.ok_or_else(Problem::not_found)?;
    let at = ctx.now();
    let removed: Result<(), Problem> = ctx
        .db
        .write(async move |tx| {
            store::delete_material(tx, material).await?;
            if let Some(file) = row.file {
                files::detach(tx, file, at).await?;
            }
            Ok(())
        })
        .await;
    removed?;
    one::again(&desk, &caller, id).await
}

/// Approves a material: whoever works on the campaign or looks after it, and never who has added it.
#[utoipa::path(put, path = "/api/campaigns/{id}/materials/{material}/approval", tag = "campaigns",
    params(("id" = Uuid, Path), ("material" = Uuid, Path)),
    responses((status = 200, body = CampaignView), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn approve(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path((id, material)): Path<(Uuid, Uuid)>,
) -> Result<Json<CampaignView>, Problem> {
    let ctx = desk.ctx.clone();
    let whole = authorise(&ctx, &caller.actor, ItemAction::Read, id).await?;
    let row = store::material(&mut ctx.db.read().await?, id, material).await?.ok_or_else(Problem::not_found)?;
    if row.added_by == caller.account() {
        return Err(Problem::forbidden_for("other_person_needed"));
    }
    if ![ItemAction::Change, ItemAction::Tend].map(|action| whole.may(&caller.actor, action)).contains(&Decision::Allow) {
        return Err(Problem::forbidden());
    }
    let (by, at) = (caller.account(), ctx.now());
    let approved: Result<bool, Problem> =
        ctx.db.write(async move |tx| Ok(store::approve_material(tx, material, by, at).await?)).await;
    if approved? { one::again(&desk, &caller, id).await } else { Err(overtaken()) }
}
