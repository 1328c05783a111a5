//! Routes of messages.

use std::sync::Arc;

use axum::extract::{FromRef, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{self, Answer, Draft, Handling, KEY_MAX, Message, MessageRow, Posted};
use super::{change, handling, post, store};
use crate::access::Action;
use crate::access::handling::Labels;
use crate::attachable::Reader;
use crate::base::budget::{self, Budgets, Spent};
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::base::http::{Json, Page, Params, Path, Problem};
use crate::base::ids;
use crate::base::limits::{PAGE, PAGE_MAX};
use crate::channels::{self, topics};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::moderation::{Held, Retraction};

/// Seconds to wait when an account has posted too much.
const POSTS_AGAIN: u64 = 1;

/// What posting by HTTP needs beside the context.
#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    by_account: Arc<Budgets<Uuid>>,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// The routes of this slice.
pub fn router(ctx: Ctx) -> OpenApiRouter {
    let by_account = Arc::new(Budgets::new(budget::per_second(ctx.limits.posts_per_second, ctx.limits.posts_burst)));
    OpenApiRouter::new()
        .routes(routes!(history, create))
        .routes(routes!(show, edit, delete))
        .routes(routes!(retract))
        .routes(routes!(revisions))
        .routes(routes!(react, unreact))
        .routes(routes!(pin, unpin))
        .routes(routes!(pins))
        .with_state(Desk { ctx: ctx.clone(), by_account })
        .merge(handling::router(ctx))
}

/// Which part of a channel's history.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Range {
    /// Messages before this place.
    #[param(required = false)]
    before: Option<i64>,
    /// Messages after this place.
    #[param(required = false)]
    after: Option<i64>,
    /// Messages on both sides of this place.
    #[param(required = false)]
    around: Option<i64>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
    /// Only this topic.
    #[param(required = false)]
    topic: Option<Uuid>,
}

/// A part of a channel's history, ascending.
#[derive(Serialize, ToSchema)]
struct History {
    items: Vec<Message>,
    /// Whether there is something before the first.
    has_before: bool,
    /// Whether there is something after the last.
    has_after: bool,
    /// Number of the channel's last change.
    head_seq: i64,
}

/// A channel's history: the latest part, or before, after or around a place.
#[utoipa::path(get, path = "/api/channels/{id}/messages", tag = "messages", params(("id" = Uuid, Path), Range),
    responses((status = 200, body = History), (status = 400), (status = 401), (status = 404)))]
async fn history(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Params(range): Params<Range>,
) -> Result<Json<History>, Problem> {
    // What is said in a channel that isn't to be read does not exist.
    channels::authorise(&ctx, &caller.actor, Action::Read, id).await?;
    let limit = range.limit.unwrap_or(PAGE);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(Problem::bad_request(format!("limit must be between 1 and {PAGE_MAX}")));
    }
    let named = [range.before, range.after, range.around].iter().flatten().count();
    if named > 1 {
        return Err(Problem::bad_request("name one of before, after and around"));
    }
    let mut conn = ctx.db.read().await?;
    let topic = match range.topic {
        None => None,
        // Nobody's topic stands for one of another channel: passing over what is said in that would take its time.
        Some(topic) => Some(topics::place(&mut conn, topic).await?.filter(|place| *place == id).map_or(Uuid::nil(), |_| topic)),
    };
    part(&mut conn, id, &Range { topic, ..range }, limit).await.map(Json).map_err(Problem::from)
}

/// The messages of a range and what lies around it.
async fn part(conn: &mut db::Conn, channel: Uuid, range: &Range, limit: i64) -> db::Result<History> {
    let topic = range.topic;
    let (older, newer, at) = match (range.before, range.after, range.around) {
        (_, Some(seq), _) => (0, limit, seq),
        // The message at the place itself is among the older ones, so there is always room for one of them.
        (_, _, Some(seq)) => ((limit + 1) / 2, limit / 2, seq),
        (before, ..) => (limit, 0, before.unwrap_or(i64::MAX).saturating_sub(1)),
    };
    // One row more than is given tells whether there is more.
    let mut rows = store::before(conn, channel, topic, at.saturating_add(1), older + 1).await?;
    let has_before = surplus(&mut rows, older);
    rows.reverse();
    let mut following = if newer == 0 { Vec::new() } else { store::after(conn, channel, topic, at, newer + 1).await? };
    let more = surplus(&mut following, newer);
    rows.extend(following);
    let (head_seq, followed) = store::edge(conn, channel, topic, at).await?;
    let has_after = if newer == 0 { followed } else { more };
    Ok(History { items: rows.into_iter().map(Message::from).collect(), has_before, has_after, head_seq })
}

/// Cuts rows to `limit`; whether there were more.
fn surplus(rows: &mut Vec<MessageRow>, limit: i64) -> bool {
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    more
}

/// The last messages of a topic after a place, oldest first; for overviews.
pub async fn latest(conn: &mut db::Conn, channel: Uuid, topic: Uuid, limit: i64) -> db::Result<Vec<Message>> {
    let mut rows = store::before(conn, channel, Some(topic), i64::MAX, limit).await?;
    rows.reverse();
    Ok(rows.into_iter().map(Message::from).collect())
}

/// Posts a message.
///
/// The same reference again is answered the same, with 200 instead of 201, whatever has become of the channel, the topic
/// or the message meanwhile.
#[utoipa::path(post, path = "/api/channels/{id}/messages", tag = "messages", request_body = Draft,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header,
        description = "1 to 255 printable ASCII characters; stands for `ref` where the body has none. Kept for good; what it came with is known as long as the message is there: with another channel or another body it is refused with `idempotency_mismatch` (422) until then, and nothing is stored")),
    responses((status = 201, body = Posted), (status = 200, body = Posted, description = "It had been stored before"),
        (status = 202, body = Held, description = "It waits for a moderator"),
        (status = 400, description = "Among others, the key can't be one"), (status = 401), (status = 403), (status = 404),
        (status = 429), (status = 422, description = "Among others, the key was used for something else")))]
async fn create(
    State(Desk { ctx, by_account }): State<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Json(mut draft): Json<Draft>,
) -> Result<(StatusCode, Json<Answer>), Problem> {
    by_account.take(&caller.account()).map_err(|Spent| Problem::too_many(POSTS_AGAIN))?;
    let key = idempotency_key(&headers)?;
    let mut request = None;
    if draft.reference.is_none() {
        request = key.is_some().then(|| draft.fingerprint(id));
        draft.reference = Some(key.map_or_else(|| ctx.id(), |key| ids::of_key(caller.account(), key)));
    }
    let (now, answer) = post::post(&ctx, &caller.actor, id, draft, request).await?;
    let status = match &answer {
        Answer::Held(_) => StatusCode::ACCEPTED,
        Answer::Posted(_) if now => StatusCode::CREATED,
        Answer::Posted(_) => StatusCode::OK,
    };
    Ok((status, Json(answer)))
}

/// The key of a request, if it has one.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut keys = headers.get_all("idempotency-key").iter();
    let Some(key) = keys.next() else { return Ok(None) };
    let usable = model::is_key(key.as_bytes()) && keys.next().is_none();
    let key = key.to_str().ok().filter(|_| usable);
    let wrong = || Problem::bad_request(format!("Idempotency-Key must be one of 1 to {KEY_MAX} printable ASCII characters"));
    key.map(Some).ok_or_else(wrong)
}

/// One message: what a permalink leads to. What is RED, or has an H3, has its words here and nowhere else: for the people of
/// its room, once they have acknowledged the H3, and never for a program. Who gets what is RED is noted for its author.
#[utoipa::path(get, path = "/api/messages/{id}", tag = "messages", params(("id" = Uuid, Path)),
    responses((status = 200, body = Message), (status = 401), (status = 404)))]
async fn show(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Message>, Problem> {
    let (facts, channel) = change::locate(&ctx, &caller.actor, Action::Read, id).await?;
    let row = store::message(&mut ctx.db.read().await?, id).await?;
    // It may have moved since it was asked where it is.
    let row = row.filter(|row| row.channel == channel.id).ok_or_else(Problem::not_found)?;
    let opened = handling::open(&ctx, reader(&caller), &facts, &channel).await?;
    Ok(Json(if opened { row.opened() } else { row.into() }))
}

/// Somebody who asks for the words of one message.
fn reader(caller: &Caller) -> Reader<'_> {
    Reader { actor: &caller.actor, by_token: caller.by_token, noting: true }
}

/// Another wording, other labels, or both; what isn't named stays.
#[derive(Deserialize, ToSchema)]
#[schema(as = Rewording)]
struct Wording {
    body: Option<String>,
    #[serde(flatten)]
    handling: Handling,
}

/// Edits one's own message. Its marking is changed by itself: see `PUT /api/messages/{id}/marking`.
#[utoipa::path(patch, path = "/api/messages/{id}", tag = "messages", params(("id" = Uuid, Path)), request_body = Wording,
    responses((status = 200, body = Message), (status = 401), (status = 403), (status = 404), (status = 422)))]
async fn edit(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wording): Json<Wording>,
) -> Result<Json<Message>, Problem> {
    change::edit(&ctx, &caller.actor, id, wording.body.as_deref(), wording.handling)
        .await?
        .map(Json)
        .ok_or_else(Problem::not_found)
}

/// Deletes a message, leaving a tombstone; in an archived channel, too.
#[utoipa::path(delete, path = "/api/messages/{id}", tag = "messages", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
async fn delete(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    change::delete(&ctx, &caller.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a message back that should never have been seen, everywhere and in archived channels, too, with the title of the topic
/// that it began. It leaves a tombstone, and begins the 72 hours of the data-protection officer: once, also for what was deleted
/// before.
#[utoipa::path(post, path = "/api/messages/{id}/retraction", tag = "messages", params(("id" = Uuid, Path)),
    request_body = Retraction,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn retract(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(why): Json<Retraction>,
) -> Result<StatusCode, Problem> {
    change::retract(&ctx, &caller.actor, id, &why).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An earlier wording.
#[derive(Serialize, ToSchema)]
struct Revision {
    body: String,
    html: String,
    /// Handling marking of the message.
    marking: String,
    /// What is hard to read in the message.
    warning: Option<String>,
    /// When it was written.
    at: String,
    /// Who wrote it.
    by: Uuid,
}

/// The earlier wordings of a message, oldest first.
#[utoipa::path(get, path = "/api/messages/{id}/history", tag = "messages", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<Revision>), (status = 401), (status = 403), (status = 404)))]
async fn revisions(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Page<Revision>>, Problem> {
    let (facts, channel) = change::locate(&ctx, &caller.actor, Action::Read, id).await?;
    if !handling::open(&ctx, reader(&caller), &facts, &channel).await? {
        return Err(Problem::forbidden_for("withheld"));
    }
    let rows = store::revisions(&mut ctx.db.read().await?, facts.n).await?;
    let (marking, warning) = (facts.handling(), Labels::of(facts.labels.as_deref()).warning);
    let items = rows.into_iter().map(|(at, body, html)| {
        let (marking, warning) = (marking.to_owned(), warning.clone());
        Revision { body, html, marking, warning, at: rfc3339(at), by: facts.author }
    });
    Ok(Json(Page::whole(items.collect())))
}

/// Reacts with an emoji.
#[utoipa::path(put, path = "/api/messages/{id}/reactions/{emoji}", tag = "messages", params(("id" = Uuid, Path), ("emoji" = String, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
async fn react(State(ctx): State<Ctx>, caller: Caller, Path((id, emoji)): Path<(Uuid, String)>) -> Result<StatusCode, Problem> {
    change::set_reaction(&ctx, &caller.actor, id, emoji, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a reaction back.
#[utoipa::path(delete, path = "/api/messages/{id}/reactions/{emoji}", tag = "messages", params(("id" = Uuid, Path), ("emoji" = String, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
async fn unreact(State(ctx): State<Ctx>, caller: Caller, Path((id, emoji)): Path<(Uuid, String)>) -> Result<StatusCode, Problem> {
    change::set_reaction(&ctx, &caller.actor, id, emoji, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pins a message.
#[utoipa::path(put, path = "/api/messages/{id}/pin", tag = "messages", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
async fn pin(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    change::set_pin(&ctx, &caller.actor, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a pin off.
#[utoipa::path(delete, path = "/api/messages/{id}/pin", tag = "messages", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
async fn unpin(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    change::set_pin(&ctx, &caller.actor, id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The pinned messages of a channel, last pinned first.
#[utoipa::path(get, path = "/api/channels/{id}/pins", tag = "messages", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<Message>), (status = 401), (status = 404)))]
async fn pins(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Page<Message>>, Problem> {
    channels::authorise(&ctx, &caller.actor, Action::Read, id).await?;
    let rows = store::pinned(&mut ctx.db.read().await?, id).await?;
    Ok(Json(Page::whole(rows.into_iter().map(Message::from).collect())))
}
