//! Whether one comes, and what one is told of what one has answered.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::model::{Answer, by_its_clocks};
use super::super::{remind, store};
use super::{allowed, events};
use crate::access::ItemAction;
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::base::http::{Json, Page, Params, Path, Problem};
use crate::context::Ctx;
use crate::identity::Caller;

/// Whether one comes.
#[derive(Deserialize, ToSchema)]
#[schema(as = EventAnswer)]
pub(super) struct Given {
    answer: Answer,
}

/// Says whether one comes; once more, and it is another answer. Everybody who sees the event sees it.
#[utoipa::path(put, path = "/api/agenda/events/{id}/answer", tag = "agenda", params(("id" = Uuid, Path)), request_body = Given,
    responses((status = 204), (status = 401), (status = 404), (status = 409)))]
pub(super) async fn answer(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Given { answer }): Json<Given>,
) -> Result<StatusCode, Problem> {
    let event = allowed(&ctx, &caller, ItemAction::Read, id).await?;
    if event.cancelled_at.is_some() {
        return Err(events::cancelled());
    }
    if event.ends_at < ctx.now() {
        return Err(Problem::conflict("event_over", "This event is over"));
    }
    let (db, account) = (ctx.db.clone(), caller.account());
    let stored: db::Result<()> = db
        .write(async move |tx| {
            let now = ctx.now();
            store::answer(tx, id, account, answer, now).await?;
            for what in remind::past(event.starts_at, now) {
                store::notice(tx, id, account, what, now, Some(now)).await?;
            }
            Ok(())
        })
        .await;
    stored?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes one's answer back.
#[utoipa::path(delete, path = "/api/agenda/events/{id}/answer", tag = "agenda", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 404)))]
pub(super) async fn take_back(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    allowed(&ctx, &caller, ItemAction::Read, id).await?;
    let account = caller.account();
    let done: db::Result<()> = ctx.db.write(async move |tx| store::take_back(tx, id, account).await).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Something one is told of an event.
#[derive(Serialize, ToSchema)]
#[schema(as = EventNotice)]
pub(super) struct Told {
    event: Uuid,
    /// `day` or `hour`: it begins that soon; `changed`, `cancelled`.
    what: String,
    at: String,
    title: String,
    language: String,
    starts_at: String,
    zone: String,
    /// When it begins by the clocks there.
    start: String,
}

/// What one hasn't looked at yet of the events that one has answered, the latest first: reminders, changes, cancellations.
#[utoipa::path(get, path = "/api/agenda/notices", tag = "agenda", responses((status = 200, body = Page<Told>), (status = 401)))]
pub(super) async fn notices(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Page<Told>>, Problem> {
    let rows = store::notices(&mut ctx.db.read().await?, &caller.actor, ctx.now()).await?;
    let told = rows.into_iter().map(|row| Told {
        event: row.event,
        what: row.what,
        at: rfc3339(row.at),
        title: row.title,
        language: row.language,
        starts_at: rfc3339(row.starts_at),
        start: by_its_clocks(row.starts_at, &row.zone),
        zone: row.zone,
    });
    Ok(Json(Page::whole(told.collect())))
}

/// Of which event.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Of {
    /// All of them when not named.
    #[param(required = false)]
    event: Option<Uuid>,
}

/// Notes that one has looked at what one was told, of one event or of all.
#[utoipa::path(delete, path = "/api/agenda/notices", tag = "agenda", params(Of), responses((status = 204), (status = 401)))]
pub(super) async fn seen(
    State(ctx): State<Ctx>,
    caller: Caller,
    Params(Of { event }): Params<Of>,
) -> Result<StatusCode, Problem> {
    let (account, now) = (caller.account(), ctx.now());
    let done: db::Result<()> = ctx.db.write(async move |tx| store::seen(tx, account, now, event).await).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}
