//! Writing requests, before anybody else hears of them.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::model::{Checked, DRAFTS_MAX, Wish};
use super::super::store::{self, Row, Step};
use super::super::{notice, people, sealed};
use super::{Done, allowed, faulty, overtaken};
use crate::access::{RequestAction, RequestState, may_request, stays_within_walls};
use crate::base::db::{self, Conn};
use crate::base::guard;
use crate::base::http::{Json, Path, Problem};
use crate::context::Ctx;
use crate::directory::{self, NamedOrganisation};
use crate::exercises;
use crate::identity::Caller;
use crate::vocabulary;

/// What was made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewCoordinationMade)]
pub(super) struct Made {
    id: Uuid,
}

/// Whether organisations of this kind ask and are asked.
pub(super) fn sends(house: &NamedOrganisation) -> bool {
    vocabulary::kind(&house.kind).is_some_and(|kind| kind.sends_requests)
}

/// Whether the caller may ask this of that organisation, and somebody there would hear of it.
pub(super) async fn between(conn: &mut Conn, caller: &Caller, wish: &Checked) -> Result<NamedOrganisation, Problem> {
    let houses = directory::organisations_named(conn, &[wish.asker, wish.asked]).await?;
    let [asker, asked] = houses.as_slice() else { return Err(faulty("organisation_unknown")) };
    if !may_request(&caller.actor, asker.id, true) {
        return Err(Problem::forbidden());
    }
    if !may_request(&caller.actor, asker.id, sends(asker)) {
        return Err(Problem::forbidden_for("organisation_asks_none"));
    }
    if !sends(asked) {
        return Err(faulty("organisation_takes_none"));
    }
    if let Some(exercise) = wish.exercise
        && !exercises::takes_part(conn, exercise, caller.account()).await?
    {
        return Err(faulty("exercise_elsewhere"));
    }
    if !people::is_reachable(conn, asked.id, wish.exercise).await? {
        return Err(faulty(if wish.exercise.is_some() { "exercise_elsewhere" } else { "no_focal_point" }));
    }
    Ok(asked.clone())
}

async fn checked(ctx: &Ctx, caller: &Caller, wish: Wish) -> Result<Checked, Problem> {
    if !caller.actor.is_confirmed() {
        return Err(Problem::forbidden_for("not_confirmed"));
    }
    let checked = wish.checked().map_err(faulty)?;
    guard::refuse(&checked.written(), ctx.now())?;
    between(&mut ctx.db.read().await?, caller, &checked).await?;
    Ok(checked)
}

/// Puts what somebody has written into a row.
fn fill(ctx: &Ctx, row: &mut Row, wish: &Checked) -> Result<(), Problem> {
    row.words = sealed::seal_said(ctx, row.id, &wish.said)?;
    (row.kind, row.urgency) = (wish.kind.as_str().into(), wish.urgency.as_str().into());
    (row.marking, row.labels, row.exercise) = (wish.marking.clone(), wish.labels.stored(), wish.exercise);
    (row.asker, row.asked) = (wish.asker, wish.asked);
    Ok(())
}

/// Writes a request: a draft that only its author, and who answers for their organisation, know of.
#[utoipa::path(post, path = "/api/requests", tag = "requests", request_body = Wish,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 409), (status = 422)))]
pub(super) async fn create(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let wish = checked(&ctx, &caller, wish).await?;
    let mut row = Row::draft(ctx.id(), (wish.asker, wish.asked), caller.account(), ctx.now());
    fill(&ctx, &mut row, &wish)?;
    let id = row.id;
    let inner = ctx.clone();
    let stored: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if store::drafts(tx, row.asker).await? >= DRAFTS_MAX {
                return Ok(false);
            }
            store::insert(tx, &row).await?;
            notice::changed(tx, &inner, &row, "written", Some(row.author));
            let step = Step { at: row.created_at, by: Some(row.author), what: "written".into(), words: None };
            store::add_step(tx, row.id, &step).await?;
            Ok(true)
        })
        .await;
    if !stored? {
        return Err(Problem::conflict("too_many", "Finish or throw away another draft first").with("limit", DRAFTS_MAX));
    }
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// A draft as it should be.
#[derive(Deserialize, ToSchema)]
#[schema(as = CoordinationChange)]
pub(super) struct Change {
    #[serde(flatten)]
    wish: Wish,
    /// The one that was read.
    revision: i64,
}

/// Changes a draft. Who has looked through it must do so again.
#[utoipa::path(put, path = "/api/requests/{id}", tag = "requests", params(("id" = Uuid, Path)), request_body = Change,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn change(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Change { wish, revision }): Json<Change>,
) -> Result<StatusCode, Problem> {
    let mut row = allowed(&ctx, &caller, RequestAction::Change, id).await?;
    let wish = checked(&ctx, &caller, wish).await?;
    if row.revision != revision {
        return Err(overtaken());
    }
    fill(&ctx, &mut row, &wish)?;
    (row.state, row.screened_by) = (RequestState::Draft.as_str().into(), None);
    Done::new(row, "changed", caller.account()).commit(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Throws a draft away, for good.
#[utoipa::path(delete, path = "/api/requests/{id}", tag = "requests", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn discard(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let row = allowed(&ctx, &caller, RequestAction::Change, id).await?;
    let inner = ctx.clone();
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            // It may have been sent meanwhile.
            let still = store::one(tx, id).await?.is_some_and(|now| now.revision == row.revision);
            if still {
                store::erase(tx, id).await?;
                notice::changed(tx, &inner, &row, "discarded", Some(row.author));
            }
            Ok(still)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(overtaken()) }
}

/// Makes a draft of a request for the organisation that was named as the competent one: with the same words, unless those were said
/// between law enforcement and it isn't.
#[utoipa::path(post, path = "/api/requests/{id}/forward", tag = "requests", params(("id" = Uuid, Path)),
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn forward(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let row = allowed(&ctx, &caller, RequestAction::Forward, id).await?;
    let competent = row.competent.ok_or_else(Problem::not_found)?;
    let mut conn = ctx.db.read().await?;
    let (from, to) = (store::is_led(&mut conn, row.asker).await?, store::is_led(&mut conn, row.asked).await?);
    if !stays_within_walls(from, to, store::is_led(&mut conn, competent).await?) {
        return Err(Problem::conflict("beyond_wall", "What was said between law enforcement stays there"));
    }
    if !people::is_reachable(&mut conn, competent, row.exercise).await? {
        return Err(faulty("no_focal_point"));
    }
    let (new_id, at, by) = (ctx.id(), ctx.now(), caller.account());
    let said = sealed::said(&ctx, &row)?;
    let new = Row {
        kind: row.kind.clone(),
        urgency: row.urgency.clone(),
        marking: row.marking.clone(),
        labels: row.labels.clone(),
        exercise: row.exercise,
        words: sealed::seal_said(&ctx, new_id, &said)?,
        forwarded_from: Some(id),
        ..Row::draft(new_id, (row.asker, competent), by, at)
    };
    let done = Done::new(Row { forwarded_to: Some(new_id), ..row }, "forwarded", by);
    let inner = ctx.clone();
    let stored: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if !done.store(tx, &inner).await? {
                return Ok(false);
            }
            store::insert(tx, &new).await?;
            store::add_step(tx, new_id, &Step { at, by: Some(by), what: "written".into(), words: None }).await?;
            Ok(true)
        })
        .await;
    if stored? { Ok((StatusCode::CREATED, Json(Made { id: new_id }))) } else { Err(overtaken()) }
}
