//! Messages that somebody should look at.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Made, Named};
use crate::access::{Action, ChannelKind, Decision};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::base::http::{Json, Page, Path, Problem};
use crate::channels;
use crate::context::Ctx;
use crate::identity::Caller;
use crate::moderation::decide::note;
use crate::moderation::hold::{open, seal};
use crate::moderation::model::Concern;
use crate::moderation::review;
use crate::moderation::store::{self, NewReport};
use crate::moderation::{count, notice};

pub(super) fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(report)).routes(routes!(list)).routes(routes!(close)).with_state(ctx)
}

/// Why somebody should look at a message.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewReport)]
struct Reported {
    reason: Concern,
    /// A line for the moderators; nothing that tells who somebody is.
    note: Option<String>,
}

/// Reports a message to the moderators of its channel. Once; its author isn't told by whom.
#[utoipa::path(post, path = "/api/messages/{id}/reports", tag = "moderation", params(("id" = Uuid, Path)), request_body = Reported,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn report(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Reported>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let found = store::message(&mut ctx.db.read().await?, id).await?;
    let (channel, author) = found.ok_or_else(Problem::not_found)?;
    let channel = channels::authorise(&ctx, &caller.actor, Action::Read, channel).await.map_err(|_| Problem::not_found())?;
    if channel.kind == ChannelKind::Direct {
        return Err(Problem::forbidden_for("nobody_moderates"));
    }
    if author == caller.account() {
        return Err(Problem::forbidden_for("own_message"));
    }
    let (made, reporter, now) = (ctx.id(), caller.account(), ctx.now());
    let note = note(wish.note.as_deref())?.map(|note| seal(&ctx, made, &note)).transpose()?;
    let (inner, channel) = (ctx.clone(), channel.id);
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            let reason = wish.reason.as_str();
            let note = note.as_deref();
            let new = NewReport { id: made, message: id, channel, author, reporter, reason, note, at: now };
            if !store::report(tx, &new).await? {
                return Ok(false);
            }
            count(tx, now, "reported").await?;
            notice::queue_changed(tx, &inner, channel);
            Ok(true)
        })
        .await;
    if done? {
        Ok((StatusCode::CREATED, Json(Made { id: made })))
    } else {
        Err(Problem::conflict("already_reported", "You have reported this message before"))
    }
}

/// A report, as moderators see it.
#[derive(Serialize, ToSchema)]
#[schema(as = Report)]
struct Item {
    id: Uuid,
    message: Uuid,
    channel: Uuid,
    author: Named,
    reporter: Named,
    reason: Concern,
    note: Option<String>,
    created_at: String,
    /// Why the caller can't close it.
    obstacle: Option<String>,
}

/// The open reports in the channels one moderates, oldest first. What is about a message of one's own isn't among them.
#[utoipa::path(get, path = "/api/moderation/reports", tag = "moderation",
    responses((status = 200, body = Page<Item>), (status = 401), (status = 403)))]
async fn list(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Page<Item>>, Problem> {
    if !caller.actor.is_moderator() {
        return Err(Problem::forbidden());
    }
    let rows = review::reports(&ctx, &caller.actor).await?;
    let items = rows.into_iter().map(|(row, decision)| Item {
        note: row.note.as_deref().and_then(|note| open(&ctx, row.id, note)),
        id: row.id,
        message: row.message,
        channel: row.channel,
        author: Named { id: row.author, name: row.author_name },
        reporter: Named { id: row.reporter, name: row.reporter_name },
        reason: Concern::of(&row.reason),
        created_at: rfc3339(row.created_at),
        obstacle: match decision {
            Decision::Forbid(code) => Some(code.into()),
            _ => None,
        },
    });
    Ok(Json(Page::whole(items.collect())))
}

/// What came of a report.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReportOutcome)]
enum Outcome {
    /// Something was done about it: removed, reworded, spoken about.
    Upheld,
    /// The message stands as it is.
    Dismissed,
}

/// What came of a report.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReportClosing)]
struct Closing {
    outcome: Outcome,
}

/// Closes a report.
#[utoipa::path(put, path = "/api/moderation/reports/{id}/outcome", tag = "moderation", params(("id" = Uuid, Path)),
    request_body = Closing,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
async fn close(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Closing>,
) -> Result<StatusCode, Problem> {
    let rows = review::reports(&ctx, &caller.actor).await?;
    let (row, decision) = rows.into_iter().find(|(row, _)| row.id == id).ok_or_else(Problem::not_found)?;
    if let Decision::Forbid(code) = decision {
        return Err(Problem::forbidden_for(code));
    }
    let (word, kind) = match wish.outcome {
        Outcome::Upheld => ("upheld", "report_upheld"),
        Outcome::Dismissed => ("dismissed", "report_dismissed"),
    };
    let (by, now, inner) = (caller.account(), ctx.now(), ctx.clone());
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if !store::close_report(tx, id, word, now, by).await? {
                return Ok(false);
            }
            count(tx, now, kind).await?;
            notice::queue_changed(tx, &inner, row.channel);
            let (target, detail) = (format!("message:{}", row.message), format!("channel:{} outcome={word}", row.channel));
            audit::record(tx, Act { at: now, actor: Some(by), what: "report.close", target, detail }).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(review::already()) }
}
