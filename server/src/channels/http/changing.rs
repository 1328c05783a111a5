//! Changing a channel, and laying it aside.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::model::{ChannelView, DESCRIPTION_MAX, NAME_MAX, Naming, above_ceiling, ceiling, highest};
use super::super::store;
use super::{act, name_invalid, view};
use crate::access::handling::{RED, strictness};
use crate::access::{Action, Channel, ChannelKind};
use crate::audit;
use crate::base::db::{self, AfterCommit};
use crate::base::http::{Json, Path, Problem};
use crate::channels;
use crate::context::Ctx;
use crate::identity::Caller;

/// What changes about a channel.
#[derive(Deserialize, ToSchema)]
pub(super) struct Change {
    name: Option<Naming>,
    description: Option<Naming>,
    /// `open` or `closed`.
    kind: Option<String>,
    /// What a post gets that names no marking, and the least that holds for what was said before.
    marking: Option<String>,
    /// The strictest marking that may be said in it from now on.
    ceiling: Option<String>,
    /// Whether every post is graded.
    grading: Option<bool>,
    /// Whether pictures may be attached although everybody may read it.
    pictures: Option<bool>,
}

/// Changes a channel. A direct channel can't be widened: its people agreed to a private conversation.
#[utoipa::path(patch, path = "/api/channels/{id}", tag = "channels", params(("id" = Uuid, Path)), request_body = Change,
    responses((status = 200, body = ChannelView), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn change(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(change): Json<Change>,
) -> Result<Json<ChannelView>, Problem> {
    let before = channels::authorise(&ctx, &caller.actor, Action::Manage, id).await?;
    if change.kind.is_some() {
        // Whoever may not read a closed channel may not lay it open either.
        channels::authorise(&ctx, &caller.actor, Action::Moderate, id).await?;
    }
    if change.kind.as_deref().is_some_and(|kind| kind != "open" && kind != "closed") {
        return Err(Problem::bad_request("kind must be open or closed"));
    }
    if before.exercise.is_some() && change.kind.as_deref() == Some(ChannelKind::Open.as_str()) {
        return Err(exercise_room());
    }
    let handling = handling(&before, &change)?;
    let name = change.name.map(|name| name.words(NAME_MAX).ok_or_else(name_invalid)).transpose()?;
    let description = change.description.map(|text| text.words(DESCRIPTION_MAX).ok_or_else(name_invalid)).transpose()?;
    let account = caller.account();
    let changed: db::Result<Result<(), Problem>> = {
        let ctx = ctx.clone();
        let db = ctx.db.clone();
        db.write(async move |tx| {
            if let Some(name) = &name {
                store::rename(tx, id, &name.en, &name.fr).await?;
            }
            if let Some(text) = &description {
                store::describe(tx, id, &text.en, &text.fr).await?;
            }
            if let Some(kind) = &change.kind {
                if kind == ChannelKind::Open.as_str() && store::holds_red(tx, id).await? {
                    return Ok(Err(above_ceiling(RED, highest(ChannelKind::Open))));
                }
                store::set_kind(tx, id, kind).await?;
            }
            if let Some((marking, ceiling, grading)) = &handling {
                store::set_handling(tx, id, marking, ceiling, *grading).await?;
                // What is kept for those who return still shows the marking of before.
                let hub = ctx.hub.clone();
                tx.after_commit(move || hub.forget(id));
            }
            if let Some(pictures) = change.pictures {
                store::set_pictures(tx, id, pictures).await?;
            }
            channels::changed(tx, &ctx, id, Some(before.clone()));
            audit::record(tx, act(&ctx, account, "channel.change", id, String::new())).await?;
            Ok(Ok(()))
        })
        .await
    };
    changed??;
    let channel = channels::authorise(&ctx, &caller.actor, Action::Know, id).await?;
    view(&ctx, &caller, &channel).await.map(Json)
}

/// Marking, ceiling and grading as a change leaves them; `None` if it leaves them alone. Who opens a channel to all lowers
/// its ceiling to what it can then carry.
fn handling(before: &Channel, change: &Change) -> Result<Option<(String, String, bool)>, Problem> {
    if change.marking.is_none() && change.ceiling.is_none() && change.grading.is_none() && change.kind.is_none() {
        return Ok(None);
    }
    let kind = change.kind.as_deref().and_then(|kind| kind.parse().ok()).unwrap_or(before.kind);
    let marking = change.marking.as_deref().unwrap_or(&before.marking);
    let lower = if strictness(&before.ceiling) > strictness(highest(kind)) { highest(kind) } else { &before.ceiling };
    let ceiling = ceiling(kind, marking, Some(change.ceiling.as_deref().unwrap_or(lower)))?;
    Ok(Some((marking.to_owned(), ceiling, change.grading.unwrap_or(before.grading))))
}

/// Makes a channel read-only.
#[utoipa::path(put, path = "/api/channels/{id}/archive", tag = "channels", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn archive(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let now = ctx.now();
    set_archived(ctx, caller, id, Some(now)).await
}

/// Makes an archived channel writable again.
#[utoipa::path(delete, path = "/api/channels/{id}/archive", tag = "channels", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn unarchive(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    set_archived(ctx, caller, id, None).await
}

async fn set_archived(ctx: Ctx, caller: Caller, id: Uuid, at: Option<i64>) -> Result<StatusCode, Problem> {
    let before = channels::authorise(&ctx, &caller.actor, Action::Manage, id).await?;
    if at.is_none() && before.exercise.is_some() {
        return Err(exercise_room());
    }
    let what = if at.is_some() { "channel.archive" } else { "channel.unarchive" };
    let db = ctx.db.clone();
    let done: db::Result<()> = db
        .write(async move |tx| {
            store::set_archived(tx, id, at).await?;
            channels::changed(tx, &ctx, id, Some(before.clone()));
            audit::record(tx, act(&ctx, caller.account(), what, id, String::new())).await
        })
        .await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

fn exercise_room() -> Problem {
    Problem::conflict("exercise_room", "The rooms of an exercise stay closed, and what is said in them stays there")
}
