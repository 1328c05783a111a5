//! Asking a source to lower something from GREEN to CLEAR, and the source's answer. Lowering itself is done where the thing is.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::items::one;
use super::{Named, by, compose, faulty, find_open};
use crate::access::RegionAction;
use crate::access::handling::MARKINGS;
use crate::audit;
use crate::base::clock::rfc3339;
use crate::base::http::{Cursor, Json, Page, Params, Path, Problem};
use crate::base::{db, guard};
use crate::identity::Caller;
use crate::newsletter::desk::Desk;
use crate::newsletter::{model, notice, store};

pub(super) fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(ask)).routes(routes!(list)).routes(routes!(answer))
}

/// What is wanted.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewNewsletterRequest)]
pub(super) struct Wish {
    /// `practice`, `campaign`, `study` or `event`.
    kind: String,
    /// Its id.
    id: Uuid,
}

/// What was asked.
#[derive(Serialize, ToSchema)]
#[schema(as = NewNewsletterRequestMade)]
pub(super) struct Made {
    id: Uuid,
}

/// Asks the source of something GREEN to lower it. Of each thing once, whatever the answer.
#[utoipa::path(post, path = "/api/newsletter/issues/{id}/requests", tag = "newsletter", params(("id" = Uuid, Path)),
    request_body = Wish,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn ask(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(issue): Path<Uuid>,
    Json(Wish { kind, id: thing }): Json<Wish>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    compose(&caller)?;
    find_open(&desk, issue).await?;
    let found = one(&desk, &caller, &kind, thing).await?;
    if found.marking == MARKINGS[0] {
        return Err(Problem::conflict("newsletter_is_clear", "It is CLEAR already: take it"));
    }
    let (id, by, ctx) = (desk.ctx.id(), by(&desk, &caller), desk.ctx.clone());
    let asked: db::Result<bool> = desk
        .ctx
        .db
        .write(async move |tx| {
            if !store::ask(tx, id, issue, (&kind, thing, &found.title), found.source, by).await? {
                return Ok(false);
            }
            notice::asked(tx, &ctx, found.source);
            audit::record(tx, super::act(by, "newsletter.ask", issue, format!("{kind}:{thing}"))).await?;
            Ok(true)
        })
        .await;
    if asked? {
        Ok((StatusCode::CREATED, Json(Made { id })))
    } else {
        Err(Problem::conflict("newsletter_asked_before", "Its source was asked before"))
    }
}

/// Which requests.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Question {
    /// Those of an issue, for its composers. The caller's own, as a source, when not named.
    #[param(required = false)]
    issue: Option<Uuid>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 50 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

/// A source that was asked to lower something.
#[derive(Serialize, ToSchema)]
#[schema(as = NewsletterRequest)]
struct Item {
    id: Uuid,
    issue: Uuid,
    /// The issue's number.
    number: i64,
    /// `practice`, `campaign`, `study` or `event`.
    kind: String,
    thing: Uuid,
    title: String,
    /// Where it is lowered: a path of the page.
    place: String,
    source: Named,
    asked_by: Named,
    /// RFC 3339.
    asked_at: String,
    /// `open`, `yes` or `no`.
    state: String,
    /// RFC 3339.
    answered_at: Option<String>,
    /// Why the source says no.
    reason: Option<String>,
}

fn item(row: store::Request) -> Item {
    Item {
        place: model::place(&row.kind, row.thing),
        id: row.id,
        issue: row.issue,
        number: row.number,
        kind: row.kind,
        thing: row.thing,
        title: row.title,
        source: Named { id: row.source, name: row.source_name },
        asked_by: Named { id: row.asked_by, name: row.asked_name },
        asked_at: rfc3339(row.asked_at),
        state: row.state,
        answered_at: row.answered_at.map(rfc3339),
        reason: row.reason,
    }
}

/// What sources were asked, the latest first.
#[utoipa::path(get, path = "/api/newsletter/requests", tag = "newsletter", params(Question),
    responses((status = 200, body = Page<Item>), (status = 400), (status = 401), (status = 403)))]
async fn list(
    Given(desk): Given<Desk>,
    caller: Caller,
    Params(Question { issue, cursor, limit }): Params<Question>,
) -> Result<Json<Page<Item>>, Problem> {
    caller.allow(if issue.is_some() { RegionAction::ComposeNewsletter } else { RegionAction::UseNewsletter })?;
    let source = issue.is_none().then(|| caller.account());
    let cursor = Cursor { cursor, limit };
    let limit = cursor.limit()?;
    let rows = store::requests(&mut desk.ctx.db.read().await?, issue, source, cursor.position()?, limit + 1).await?;
    Ok(Json(Page::cut(rows.into_iter().map(item).collect(), limit, |item: &Item| item.id.to_string())))
}

/// A source's answer.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewsletterAnswer)]
pub(super) struct Answer {
    /// Whether the source lowers it. That is done on the thing's own page.
    lowers: bool,
    /// Why not: a line of at most 500 characters, needed when the source doesn't.
    #[serde(default)]
    reason: Option<String>,
}

/// Answers a request, once. Nobody but the source knows of it, beside the composers.
#[utoipa::path(put, path = "/api/newsletter/requests/{id}/answer", tag = "newsletter", params(("id" = Uuid, Path)),
    request_body = Answer,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn answer(
    Given(desk): Given<Desk>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Answer { lowers, reason }): Json<Answer>,
) -> Result<StatusCode, Problem> {
    caller.allow(RegionAction::UseNewsletter)?;
    let asked = store::request(&mut desk.ctx.db.read().await?, id).await?;
    let asked = asked.filter(|asked| asked.source == caller.account()).ok_or_else(Problem::not_found)?;
    let reason = if lowers { None } else { Some(model::reason(reason.as_deref().unwrap_or_default()).map_err(faulty)?) };
    guard::refuse(reason.as_deref().unwrap_or_default(), desk.ctx.now())?;
    let (state, by, ctx) = (if lowers { "yes" } else { "no" }, by(&desk, &caller), desk.ctx.clone());
    let done: db::Result<bool> = desk
        .ctx
        .db
        .write(async move |tx| {
            if !store::answer(tx, id, state, reason.as_deref(), by.at).await? {
                return Ok(false);
            }
            notice::answered(tx, &ctx);
            let detail = format!("{}:{} {state}", asked.kind, asked.thing);
            audit::record(tx, super::act(by, "newsletter.answer", asked.issue, detail)).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::conflict("already_decided", "This was decided before")) }
}
