//! Events: looking for them, writing them down, changing and cancelling them.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::model::{ABOUT_MAX, Answer, BECAUSE_MAX, Checked, Kind, TITLE_MAX, Wish};
use super::super::store::{self, Asked};
use super::super::{entry, notice};
use super::{Desk, Shown, allowed, dressed};
use crate::access::handling::strictness;
use crate::access::{Decision, ItemAction, RegionAction, may_with_item};
use crate::audit::{self, Act};
use crate::base::http::{Cursor, Json, Page, Params, Path, Place, Problem};
use crate::base::{db, guard, text};
use crate::context::Ctx;
use crate::directory::{self, Person};
use crate::findable;
use crate::identity::Caller;

/// Which events.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// Words, as in the search.
    #[param(required = false)]
    q: Option<String>,
    /// A country's code; what is of the whole region is of each.
    #[param(required = false)]
    country: Option<String>,
    /// A theme's slug.
    #[param(required = false)]
    theme: Option<String>,
    #[param(required = false, inline)]
    kind: Option<Kind>,
    /// Those that haven't ended by then (RFC 3339).
    #[param(required = false)]
    from: Option<String>,
    /// Those that have begun before (RFC 3339).
    #[param(required = false)]
    to: Option<String>,
    /// The latest first.
    #[param(required = false)]
    latest: Option<bool>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

fn moment(text: Option<&str>, name: &str) -> Result<Option<i64>, Problem> {
    let read = |text: &str| text.parse().map(Timestamp::as_microsecond);
    text.map(|text| read(text).map_err(|_| Problem::bad_request(format!("{name} is no moment")))).transpose()
}

/// The events that the reader may know of, in the order in which they begin.
#[utoipa::path(get, path = "/api/agenda/events", tag = "agenda", params(Question),
    responses((status = 200, body = Page<Shown>), (status = 400), (status = 401), (status = 403)))]
pub(super) async fn list(
    State(Desk { ctx, finder, .. }): State<Desk>,
    caller: Caller,
    Params(question): Params<Question>,
) -> Result<Json<Page<Shown>>, Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let (from, to) = (moment(question.from.as_deref(), "from")?, moment(question.to.as_deref(), "to")?);
    let cursor = Cursor { cursor: question.cursor, limit: question.limit };
    let limit = cursor.limit()?;
    let words = question.q.as_deref().map(str::trim).filter(|words| !words.is_empty());
    let among = match words {
        Some(words) => Some(finder.find(&ctx, caller.account(), findable::Kind::Event, words).await?),
        None => None,
    };
    let asked = Asked {
        among,
        country: question.country,
        theme: question.theme,
        kind: question.kind.map(Kind::as_str),
        from,
        to,
        backwards: question.latest == Some(true),
        after: cursor.position::<Place<i64>>()?.map(Into::into),
        limit: limit + 1,
    };
    let mut conn = ctx.db.read().await?;
    let rows = store::listed(&mut conn, &caller.actor, &asked).await?;
    let page = Page::cut(rows, limit, |event| Place(event.starts_at, event.id).to_string());
    Ok(Json(Page { items: dressed(&ctx, &mut conn, &caller, page.items).await?, next: page.next }))
}

/// What is wrong with what somebody writes down, by its code.
fn faulty(code: &'static str) -> Problem {
    let title = match code {
        "title_invalid" => "A title is one line",
        "language_unknown" => "There is no such language here",
        "tag_unknown" => "There is no such country or theme",
        "zone_unknown" => "There is no such time zone",
        "time_invalid" => "This is no time",
        "time_missing" => "The clocks leave this hour out",
        "event_ends_wrongly" => "It must end after it begins, within two months",
        "link_invalid" => "A link begins with https://",
        "marking_unknown" => "There is no such marking for this",
        _ => "This text can't be kept",
    };
    let problem = Problem::unprocessable(code, title);
    match code {
        "title_invalid" => problem.with("limit", TITLE_MAX),
        "text_invalid" => problem.with("limit", ABOUT_MAX),
        _ => problem,
    }
}

fn checked(ctx: &Ctx, wish: Wish) -> Result<Checked, Problem> {
    let checked = wish.checked().map_err(faulty)?;
    for text in checked.texts() {
        guard::refuse(text, ctx.now())?;
    }
    Ok(checked)
}

/// What was made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewEventMade)]
pub(super) struct Made {
    id: Uuid,
}

/// Writes an event down. Whoever its marking leaves sees it at once.
#[utoipa::path(post, path = "/api/agenda/events", tag = "agenda", request_body = Wish,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn create(
    State(ctx): State<Ctx>,
    caller: Caller,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    caller.allow(RegionAction::UseDirectory)?;
    let event = checked(&ctx, wish)?;
    let (id, by, at) = (ctx.id(), caller.account(), ctx.now());
    let stored: db::Result<()> = ctx.db.write(async move |tx| entry::create(tx, id, &event, by, at).await).await;
    stored?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// Somebody who has answered.
#[derive(Serialize, ToSchema)]
#[schema(as = EventGuest)]
struct Guest {
    person: Person,
    answer: Answer,
}

/// An event, and who comes.
#[derive(Serialize, ToSchema)]
#[schema(as = EventDetails)]
pub(super) struct Details {
    #[serde(flatten)]
    event: Shown,
    /// In the order of their answers.
    guests: Vec<Guest>,
}

/// One event, with who comes.
#[utoipa::path(get, path = "/api/agenda/events/{id}", tag = "agenda", params(("id" = Uuid, Path)),
    responses((status = 200, body = Details), (status = 401), (status = 404)))]
pub(super) async fn show(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Details>, Problem> {
    details(&ctx, &caller, id).await.map(Json)
}

async fn details(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<Details, Problem> {
    let event = allowed(ctx, caller, ItemAction::Read, id).await?;
    let mut conn = ctx.db.read().await?;
    let answers = store::answers(&mut conn, id).await?;
    let ids: Vec<Uuid> = answers.iter().map(|(account, _)| *account).collect();
    let people = directory::people_by_id(&mut conn, ctx, &ids).await?;
    let event = dressed(ctx, &mut conn, caller, vec![event]).await?.pop().ok_or_else(Problem::not_found)?;
    let answer =
        |person: &Person| answers.iter().find(|(id, _)| *id == person.id).map_or(Answer::No, |(_, word)| Answer::of(word));
    let guests = people.into_iter().map(|person| Guest { answer: answer(&person), person }).collect();
    Ok(Details { event, guests })
}

/// An event as it should be.
#[derive(Deserialize, ToSchema)]
#[schema(as = EventChange)]
pub(super) struct Change {
    #[serde(flatten)]
    wish: Wish,
    /// The one that was read.
    revision: i64,
}

fn act(ctx: &Ctx, by: Uuid, what: &'static str, id: Uuid, detail: String) -> Act<'static> {
    Act { at: ctx.now(), actor: Some(by), what, target: format!("event:{id}"), detail }
}

/// Changes an event. Those who come or may come are told.
#[utoipa::path(put, path = "/api/agenda/events/{id}", tag = "agenda", params(("id" = Uuid, Path)), request_body = Change,
    responses((status = 200, body = Details), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn change(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Change { wish, revision }): Json<Change>,
) -> Result<Json<Details>, Problem> {
    let before = allowed(&ctx, &caller, ItemAction::Change, id).await?;
    let event = checked(&ctx, wish)?;
    let lowered = strictness(&event.marking) < strictness(&before.marking);
    if lowered {
        allowed(&ctx, &caller, ItemAction::Lower, id).await?;
    }
    let (inner, db, by) = (ctx.clone(), ctx.db.clone(), caller.account());
    let done: db::Result<bool> = db
        .write(async move |tx| {
            if !entry::change(tx, id, &event, revision, inner.now()).await? {
                return Ok(false);
            }
            if event.starts_at != before.starts_at {
                store::forget_reminders(tx, id).await?;
            }
            notice::tell_answered(tx, &inner, id, by, "changed").await?;
            if lowered {
                let detail = format!("from={} to={}", before.marking, event.marking);
                audit::record(tx, act(&inner, by, "event.lower", id, detail)).await?;
            }
            Ok(true)
        })
        .await;
    if !done? {
        return Err(Problem::conflict("conflict", "It was changed meanwhile"));
    }
    details(&ctx, &caller, id).await.map(Json)
}

/// Why an event doesn't take place.
#[derive(Deserialize, ToSchema)]
#[schema(as = EventCancellation)]
pub(super) struct Cancellation {
    /// A line of at most 500 characters. Everybody who sees the event reads it.
    because: String,
}

/// Cancels an event. It stays, with why; those who come or may come are told. Also for whoever looks after its countries or
/// themes.
#[utoipa::path(put, path = "/api/agenda/events/{id}/cancellation", tag = "agenda", params(("id" = Uuid, Path)),
    request_body = Cancellation,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn cancel(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Cancellation { because }): Json<Cancellation>,
) -> Result<StatusCode, Problem> {
    let event = allowed(&ctx, &caller, ItemAction::Read, id).await?;
    let may = |action| event.as_item(|item| may_with_item(&caller.actor, action, item));
    if may(ItemAction::Change) != Decision::Allow && may(ItemAction::Tend) != Decision::Allow {
        return Err(Problem::forbidden());
    }
    if because.trim().is_empty() {
        return Err(Problem::unprocessable("reason_missing", "The others must know why"));
    }
    let invalid = || Problem::unprocessable("note_invalid", "This can't be said here").with("limit", BECAUSE_MAX);
    let because = text::line(&because, BECAUSE_MAX).ok_or_else(invalid)?;
    guard::refuse(&because, ctx.now())?;
    let (db, by) = (ctx.db.clone(), caller.account());
    let done: db::Result<bool> = db
        .write(async move |tx| {
            if !store::cancel(tx, id, by, &because, ctx.now()).await? {
                return Ok(false);
            }
            notice::tell_answered(tx, &ctx, id, by, "cancelled").await?;
            audit::record(tx, act(&ctx, by, "event.cancel", id, String::new())).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(cancelled()) }
}

/// What is cancelled stays as it is.
pub(super) fn cancelled() -> Problem {
    Problem::conflict("event_cancelled", "This event doesn't take place")
}
