//! What becomes of a request that was sent.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::model::{Channel, REFERENCE_MAX, Reply, said};
use super::super::sealed::{self, Place};
use super::super::store::{self, FormalReference, Row};
use super::super::{acts, people};
use super::drafts::sends;
use super::screening::Named;
use super::{Done, allowed, faulty};
use crate::access::{RequestAction, side_of};
use crate::base::http::{Json, Path, Problem};
use crate::base::{guard, text};
use crate::context::Ctx;
use crate::directory;
use crate::identity::Caller;

/// Some words.
#[derive(Deserialize, ToSchema)]
#[schema(as = CoordinationWords)]
pub(super) struct Words {
    /// At most 2000 characters.
    text: String,
}

fn checked(ctx: &Ctx, words: &str) -> Result<String, Problem> {
    let words = said(words).map_err(faulty)?;
    guard::refuse(&words, ctx.now())?;
    Ok(words)
}

/// Says that a request has arrived, and that one has it in hand.
#[utoipa::path(post, path = "/api/requests/{id}/acknowledgement", tag = "requests", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn acknowledge(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let mut row = allowed(&ctx, &caller, RequestAction::Acknowledge, id).await?;
    let by = caller.account();
    acts::acknowledge(&mut row, by, ctx.now());
    Done::new(row, "acknowledged", by).commit(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a request into the hands of a colleague of the asked organisation.
#[utoipa::path(put, path = "/api/requests/{id}/handler", tag = "requests", params(("id" = Uuid, Path)), request_body = Named,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn hand_over(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Named { person }): Json<Named>,
) -> Result<StatusCode, Problem> {
    let mut row = allowed(&ctx, &caller, RequestAction::HandOver, id).await?;
    let colleagues = people::colleagues(&mut ctx.db.read().await?, &ctx, row.asked, Uuid::nil()).await?;
    if !colleagues.contains(&person) {
        return Err(faulty("not_a_colleague"));
    }
    row.handler = Some(person);
    Done::new(row, "handed_over", caller.account()).commit(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks back. The clock stands still until it is explained.
#[utoipa::path(post, path = "/api/requests/{id}/question", tag = "requests", params(("id" = Uuid, Path)), request_body = Words,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn ask(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Words { text }): Json<Words>,
) -> Result<StatusCode, Problem> {
    let mut row = allowed(&ctx, &caller, RequestAction::Ask, id).await?;
    let words = sealed::seal(&ctx, id, Place::Step, &checked(&ctx, &text)?)?;
    acts::ask(&mut row, ctx.now());
    Done { words: Some(words), ..Done::new(row, "question", caller.account()) }.commit(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Explains what was asked back. The clock goes on.
#[utoipa::path(post, path = "/api/requests/{id}/explanation", tag = "requests", params(("id" = Uuid, Path)), request_body = Words,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn explain(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Words { text }): Json<Words>,
) -> Result<StatusCode, Problem> {
    let mut row = allowed(&ctx, &caller, RequestAction::Explain, id).await?;
    let words = sealed::seal(&ctx, id, Place::Step, &checked(&ctx, &text)?)?;
    acts::explain(&mut row, ctx.now());
    Done { words: Some(words), ..Done::new(row, "explained", caller.account()) }.commit(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answers a request. The clock ends.
#[utoipa::path(post, path = "/api/requests/{id}/answer", tag = "requests", params(("id" = Uuid, Path)), request_body = Reply,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn answer(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(reply): Json<Reply>,
) -> Result<StatusCode, Problem> {
    let mut row = allowed(&ctx, &caller, RequestAction::Answer, id).await?;
    let reply = reply.checked(row.kind()).map_err(faulty)?;
    guard::refuse(&reply.text, ctx.now())?;
    if let Some(competent) = reply.competent {
        named_competent(&ctx, &row, competent).await?;
    }
    let by = caller.account();
    let words = sealed::seal(&ctx, id, Place::Reply, &reply.text)?;
    acts::answer(&mut row, &reply, words, by, ctx.now());
    Done::new(row, "answered", by).commit(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether this organisation can be named as the competent one: one that is asked such things, and none of the two.
async fn named_competent(ctx: &Ctx, row: &Row, competent: Uuid) -> Result<(), Problem> {
    let found = directory::organisations_named(&mut ctx.db.read().await?, &[competent]).await?.pop();
    let found = found.ok_or_else(|| faulty("organisation_unknown"))?;
    if !sends(&found) {
        return Err(faulty("organisation_takes_none"));
    }
    if [row.asker, row.asked].contains(&competent) { Err(faulty("same_organisation")) } else { Ok(()) }
}

/// Where a request goes on.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewCoordinationReference)]
pub(super) struct Opened {
    kind: Channel,
    /// The reference there: a line of at most 80 characters.
    reference: String,
}

/// Notes the channel in which a request goes on, and its reference there. When both sides have, the request closes itself.
#[utoipa::path(put, path = "/api/requests/{id}/channel", tag = "requests", params(("id" = Uuid, Path)), request_body = Opened,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn note(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Opened { kind, reference }): Json<Opened>,
) -> Result<StatusCode, Problem> {
    let mut row = allowed(&ctx, &caller, RequestAction::Note, id).await?;
    let side = side_of(&caller.actor, &row.facts()).ok_or_else(Problem::not_found)?;
    let reference = text::line(&reference, REFERENCE_MAX).ok_or_else(|| faulty("reference_invalid"))?;
    guard::refuse(&reference, ctx.now())?;
    let noted = store::channels(&mut ctx.db.read().await?, id).await?;
    let (by, at) = (caller.account(), ctx.now());
    // Nobody can have noted anything meanwhile without the request having another revision.
    let both = noted.iter().any(|other| other.side != side.as_str());
    acts::note(&mut row, both, at);
    let reference = FormalReference {
        side: side.as_str().into(),
        kind: kind.as_str().into(),
        reference: sealed::seal(&ctx, id, Place::Reference, &reference)?,
        at,
        by,
    };
    Done { reference: Some(reference), ..Done::new(row, "noted", by) }.commit(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Closes a request; before there is an answer it is taken back.
#[utoipa::path(post, path = "/api/requests/{id}/closing", tag = "requests", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn close(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let mut row = allowed(&ctx, &caller, RequestAction::Close, id).await?;
    acts::close(&mut row, ctx.now());
    Done::new(row, "closed", caller.account()).commit(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}
