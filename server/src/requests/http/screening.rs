//! Looking through a draft, and sending it.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::model::{Checked, NOTE_MAX, SENT_A_DAY, takes_two};
use super::super::sealed::{self, Place};
use super::super::store::{self, Row};
use super::super::{acts, people};
use super::{Done, allowed, drafts, faulty, overtaken};
use crate::access::handling::Labels;
use crate::access::{RequestAction, RequestState};
use crate::base::clock::DAY;
use crate::base::db;
use crate::base::http::{Json, Path, Problem};
use crate::base::{guard, text};
use crate::context::Ctx;
use crate::identity::Caller;

/// Somebody who is named.
#[derive(Deserialize, ToSchema)]
#[schema(as = CoordinationPerson)]
pub(super) struct Named {
    pub(super) person: Uuid,
}

/// Names a colleague who is to look through a draft.
#[utoipa::path(put, path = "/api/requests/{id}/screener", tag = "requests", params(("id" = Uuid, Path)), request_body = Named,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn name(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Named { person }): Json<Named>,
) -> Result<StatusCode, Problem> {
    let mut row = allowed(&ctx, &caller, RequestAction::Change, id).await?;
    let colleagues = people::colleagues(&mut ctx.db.read().await?, &ctx, row.asker, row.author).await?;
    if !colleagues.contains(&person) {
        return Err(faulty("not_a_colleague"));
    }
    (row.screener, row.screened_by, row.state) = (Some(person), None, RequestState::Draft.as_str().into());
    Done::new(row, "to_screen", caller.account()).commit(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a second person finds.
#[derive(Deserialize, ToSchema)]
#[schema(as = CoordinationScreening)]
pub(super) struct Screening {
    /// It can be sent as it is.
    approve: bool,
    /// At most 500 characters; why, where it can't.
    #[serde(default)]
    note: String,
    /// The one that was read.
    revision: i64,
}

/// Looks through a draft as a second person of the asking organisation: never one's own.
#[utoipa::path(post, path = "/api/requests/{id}/screening", tag = "requests", params(("id" = Uuid, Path)), request_body = Screening,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn screen(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Screening { approve, note, revision }): Json<Screening>,
) -> Result<StatusCode, Problem> {
    let mut row = allowed(&ctx, &caller, RequestAction::Screen, id).await?;
    let note = text::paragraphs(&note, NOTE_MAX).ok_or_else(|| faulty("note_invalid"))?;
    if !approve && note.is_empty() {
        return Err(faulty("reason_missing"));
    }
    guard::refuse(&note, ctx.now())?;
    // What was changed meanwhile was not looked through.
    if row.revision != revision {
        return Err(overtaken());
    }
    if approve {
        (row.screened_by, row.state) = (Some(caller.account()), RequestState::Screened.as_str().into());
    } else {
        row.screener = None;
    }
    let words = if note.is_empty() { None } else { Some(sealed::seal(&ctx, id, Place::Step, &note)?) };
    let what = if approve { "screened" } else { "returned" };
    Done { words, ..Done::new(row, what, caller.account()) }.commit(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A draft as it was checked when it was written.
fn as_checked(ctx: &Ctx, row: &Row) -> Result<Checked, Problem> {
    Ok(Checked {
        kind: row.kind(),
        asker: row.asker,
        asked: row.asked,
        said: sealed::said(ctx, row)?,
        urgency: row.urgency(),
        marking: row.marking.clone(),
        labels: Labels::of(row.labels.as_deref()),
        exercise: row.exercise,
    })
}

/// Sends a draft. Its clock starts now.
#[utoipa::path(post, path = "/api/requests/{id}/sending", tag = "requests", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422), (status = 429)))]
pub(super) async fn send(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let mut row = allowed(&ctx, &caller, RequestAction::Send, id).await?;
    let mut conn = ctx.db.read().await?;
    if takes_two(&row.marking) && row.state() != RequestState::Screened {
        let alone = people::colleagues(&mut conn, &ctx, row.asker, row.author).await?.is_empty();
        let code = if alone { "second_person_missing" } else { "four_eyes_missing" };
        return Err(Problem::conflict(code, "A second person of the organisation looks through it first"));
    }
    let wish = as_checked(&ctx, &row)?;
    guard::refuse(&wish.written(), ctx.now())?;
    let asked = drafts::between(&mut conn, &caller, &wish).await?;
    let now = ctx.now();
    acts::send(&mut row, asked.country.as_deref(), now);
    let (asker, earnest) = (row.asker, row.exercise.is_none());
    let done = Done::new(row, "sent", caller.account());
    let inner = ctx.clone();
    let sent: db::Result<Result<(), Problem>> = ctx
        .db
        .write(async move |tx| {
            if store::sent_since(tx, asker, now - DAY, earnest).await? >= SENT_A_DAY {
                return Ok(Err(Problem::too_many(RETRY)));
            }
            Ok(if done.store(tx, &inner).await? { Ok(()) } else { Err(overtaken()) })
        })
        .await;
    sent??;
    Ok(StatusCode::NO_CONTENT)
}

/// When it is worth trying again once a day's requests are sent (seconds).
const RETRY: u64 = 3_600;
