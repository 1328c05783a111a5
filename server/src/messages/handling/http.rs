//! Routes of what follows from a marking.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::super::change::locate;
use super::marking::{self, Wish};
use super::{expiry, reading, store};
use crate::access::Action;
use crate::base::clock::rfc3339;
use crate::base::http::{Json, Page, Path, Problem};
use crate::context::Ctx;
use crate::directory::{self, Person};
use crate::identity::Caller;

/// The routes of what follows from a marking.
pub(in super::super) fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(mark))
        .routes(routes!(set_expiry))
        .routes(routes!(acknowledge))
        .routes(routes!(readers))
        .routes(routes!(proposals, propose))
        .routes(routes!(accept))
        .routes(routes!(decline))
        .routes(routes!(release, retain))
        .with_state(ctx)
}

/// Another marking.
#[derive(Deserialize, ToSchema)]
struct Marking {
    /// TLP 2.0, lower case.
    marking: String,
    /// Days until it is erased: 1 to 3650, to 90 if it is RED, and no more than its channel keeps. When not named, RED is erased
    /// after 30 at the latest, and the rest as before.
    expires_in_days: Option<i64>,
}

/// Gives a message another marking. Its author may; a moderator of the channel may give it a stricter one.
#[utoipa::path(put, path = "/api/messages/{id}/marking", tag = "messages", params(("id" = Uuid, Path)), request_body = Marking,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn mark(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Marking { marking, expires_in_days: days }): Json<Marking>,
) -> Result<StatusCode, Problem> {
    marking::set(&ctx, &caller.actor, id, Wish { marking, days }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Until when a message is kept.
#[derive(Deserialize, ToSchema)]
struct Expiry {
    /// Days from now until it is erased: 1 to 3650, to 90 if it is RED, and no more than its channel keeps. Null: as it goes
    /// without saying, which is 30 for RED, and for the rest when its channel says so.
    expires_in_days: Option<i64>,
}

/// Says until when a message is kept. Its author may; a moderator of the channel may only shorten it.
#[utoipa::path(put, path = "/api/messages/{id}/expiry", tag = "messages", params(("id" = Uuid, Path)), request_body = Expiry,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
async fn set_expiry(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Expiry { expires_in_days: days }): Json<Expiry>,
) -> Result<StatusCode, Problem> {
    expiry::set(&ctx, &caller.actor, id, days).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Acknowledges the restriction of an H3, so that the message can be read.
#[utoipa::path(post, path = "/api/messages/{id}/acknowledgement", tag = "messages", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn acknowledge(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let (facts, _) = locate(&ctx, &caller.actor, Action::Read, id).await?;
    reading::acknowledge(&ctx, &caller, &facts).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody who has read what is RED.
#[derive(Serialize, ToSchema)]
struct Reader {
    person: Person,
    first_at: String,
    last_at: String,
    times: i64,
}

/// Who has read a RED message, whoever read first first: for its author.
#[utoipa::path(get, path = "/api/messages/{id}/readers", tag = "messages", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<Reader>), (status = 401), (status = 403), (status = 404)))]
async fn readers(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Page<Reader>>, Problem> {
    let (facts, _) = locate(&ctx, &caller.actor, Action::Read, id).await?;
    if facts.author != caller.account() {
        return Err(Problem::forbidden());
    }
    let mut conn = ctx.db.read().await?;
    let rows = store::readings(&mut conn, facts.n).await?;
    let accounts: Vec<_> = rows.iter().map(|(account, ..)| *account).collect();
    let people = directory::people_by_id(&mut conn, &ctx, &accounts).await?;
    let items = rows.into_iter().filter_map(|(account, first, last, times)| {
        let person = people.iter().find(|person| person.id == account)?.clone();
        Some(Reader { person, first_at: rfc3339(first), last_at: rfc3339(last), times })
    });
    Ok(Json(Page::whole(items.collect())))
}

/// A marking that somebody proposes.
#[derive(Serialize, ToSchema)]
struct MarkingProposal {
    id: Uuid,
    person: Person,
    /// TLP 2.0, lower case.
    marking: String,
    at: String,
}

/// The markings that are proposed for a message: all of them for its author and the moderators of its channel, else one's own.
#[utoipa::path(get, path = "/api/messages/{id}/marking-proposals", tag = "messages", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<MarkingProposal>), (status = 401), (status = 404)))]
async fn proposals(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Page<MarkingProposal>>, Problem> {
    let rows = marking::proposals(&ctx, &caller.actor, id).await?;
    let accounts: Vec<_> = rows.iter().map(|(_, account, ..)| *account).collect();
    let people = directory::people_by_id(&mut ctx.db.read().await?, &ctx, &accounts).await?;
    let items = rows.into_iter().filter_map(|(id, account, marking, at)| {
        let person = people.iter().find(|person| person.id == account)?.clone();
        Some(MarkingProposal { id, person, marking, at: rfc3339(at) })
    });
    Ok(Json(Page::whole(items.collect())))
}

/// A marking to be proposed.
#[derive(Deserialize, ToSchema)]
struct Proposing {
    /// TLP 2.0, lower case.
    marking: String,
}

/// A proposal, by its id.
#[derive(Serialize, ToSchema)]
struct Proposed {
    id: Uuid,
}

/// Proposes another marking to the author of a message, who alone can lower it. A later proposal takes the place of one's
/// earlier one.
#[utoipa::path(post, path = "/api/messages/{id}/marking-proposals", tag = "messages", params(("id" = Uuid, Path)),
    request_body = Proposing,
    responses((status = 201, body = Proposed), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn propose(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Proposing { marking }): Json<Proposing>,
) -> Result<(StatusCode, Json<Proposed>), Problem> {
    let id = marking::propose(&ctx, &caller.actor, id, marking).await?;
    Ok((StatusCode::CREATED, Json(Proposed { id })))
}

/// Accepts a proposed marking: the author of the message alone.
#[utoipa::path(put, path = "/api/messages/{id}/marking-proposals/{proposal}/acceptance", tag = "messages",
    params(("id" = Uuid, Path), ("proposal" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn accept(State(ctx): State<Ctx>, caller: Caller, Path((id, proposal)): Path<(Uuid, Uuid)>) -> Result<StatusCode, Problem> {
    marking::decide(&ctx, &caller.actor, id, proposal, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Declines a proposed marking as the author of the message, or withdraws one's own.
#[utoipa::path(delete, path = "/api/messages/{id}/marking-proposals/{proposal}", tag = "messages",
    params(("id" = Uuid, Path), ("proposal" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
async fn decline(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path((id, proposal)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Problem> {
    marking::decide(&ctx, &caller.actor, id, proposal, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a message with an H2 go along when its topic moves into a channel: its author alone.
#[utoipa::path(put, path = "/api/messages/{id}/releases/{channel}", tag = "messages",
    params(("id" = Uuid, Path), ("channel" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn release(State(ctx): State<Ctx>, caller: Caller, Path((id, channel)): Path<(Uuid, Uuid)>) -> Result<StatusCode, Problem> {
    marking::release(&ctx, &caller.actor, id, channel, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes that back.
#[utoipa::path(delete, path = "/api/messages/{id}/releases/{channel}", tag = "messages",
    params(("id" = Uuid, Path), ("channel" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn retain(State(ctx): State<Ctx>, caller: Caller, Path((id, channel)): Path<(Uuid, Uuid)>) -> Result<StatusCode, Problem> {
    marking::release(&ctx, &caller.actor, id, channel, false).await?;
    Ok(StatusCode::NO_CONTENT)
}
