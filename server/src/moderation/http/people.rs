//! Warning somebody, and letting them say nothing for a while.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Made, Named};
use crate::access::{Action, Decision, RegionAction, Scope, may_in_region};
use crate::audit::{self, Act};
use crate::base::clock::{HOUR, rfc3339};
use crate::base::db::{self, Tx};
use crate::base::http::{Json, Page, Path, Problem};
use crate::channels;
use crate::context::Ctx;
use crate::identity::Caller;
use crate::moderation::decide::note;
use crate::moderation::hold::{open, seal};
use crate::moderation::model::MUTE_MAX;
use crate::moderation::store::{self, Note};
use crate::moderation::{count, notice};
use crate::vocabulary::{is_country, is_theme};

pub(super) fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(mute))
        .routes(routes!(mutes))
        .routes(routes!(unmute))
        .routes(routes!(warn))
        .with_state(ctx)
}

/// Whether the caller may warn or mute this person within this scope. Channels they may not know of don't exist.
async fn may_sanction(ctx: &Ctx, caller: &Caller, scope: &Scope, account: Uuid) -> Result<(), Problem> {
    let channel = match scope {
        Scope::Channel(id) => Some(channels::authorise(ctx, &caller.actor, Action::Read, *id).await?),
        Scope::Country(code) if !is_country(code) => return Err(scope_unknown()),
        Scope::Theme(slug) if !is_theme(slug) => return Err(scope_unknown()),
        _ => None,
    };
    let target = ctx.standing.actor(account).await?;
    let holds_powers = target.as_ref().is_some_and(|target| target.holds_powers());
    caller.allow(RegionAction::Sanction { scope, channel: channel.as_deref(), account, holds_powers })?;
    // Whoever moderates nowhere doesn't learn here who is there.
    target.map(drop).ok_or_else(Problem::not_found)
}

fn scope_unknown() -> Problem {
    Problem::unprocessable("scope_unknown", "There is no such place")
}

/// The words somebody is told, which must be there.
fn words(text: &str) -> Result<String, Problem> {
    note(Some(text))?.ok_or_else(|| Problem::unprocessable("reason_missing", "They must be told why"))
}

/// Where somebody is to say nothing, how long and why.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewMute)]
struct Muting {
    /// `region`, `country:RO`, `theme:<slug>` or `channel:<id>`.
    scope: String,
    /// For so many hours (1 to 2160).
    hours: i64,
    /// They read it.
    reason: String,
}

/// Lets somebody say nothing within a scope for a while. They go on reading, and are told why and until when.
#[utoipa::path(post, path = "/api/people/{id}/mutes", tag = "moderation", params(("id" = Uuid, Path)), request_body = Muting,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 422)))]
async fn mute(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Muting>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let scope: Scope = wish.scope.parse().map_err(|()| scope_unknown())?;
    may_sanction(&ctx, &caller, &scope, id).await?;
    let length = wish.hours.checked_mul(HOUR).filter(|length| (HOUR..=MUTE_MAX).contains(length));
    let length = length.ok_or_else(|| Problem::unprocessable("hours_invalid", "A mute ends").with("limit", MUTE_MAX / HOUR))?;
    let made = ctx.id();
    let sealed = seal(&ctx, made, &words(&wish.reason)?)?;
    let (by, now, inner) = (caller.account(), ctx.now(), ctx.clone());
    let done: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            let place = scope.to_string();
            store::mute(tx, &Note { id: made, account: id, sealed: &sealed, at: now, by }, &place, now + length).await?;
            count(tx, now, "muted").await?;
            told(tx, &inner, id);
            let detail = format!("{place} hours={}", wish.hours);
            audit::record(tx, Act { at: now, actor: Some(by), what: "account.mute", target: format!("account:{id}"), detail })
                .await
        })
        .await;
    done?;
    Ok((StatusCode::CREATED, Json(Made { id: made })))
}

/// Their standing is another one from now on, and they are told.
fn told(tx: &mut Tx, ctx: &Ctx, account: Uuid) {
    ctx.standing.actor_changes(tx, account);
    channels::tell_standing(tx, ctx, account);
    notice::own_changed(tx, ctx, account);
}

/// A mute that holds.
#[derive(Serialize, ToSchema)]
#[schema(as = Mute)]
struct Item {
    id: Uuid,
    person: Named,
    scope: String,
    until: String,
    reason: String,
    created_at: String,
}

/// Whether the caller may see and end a mute: who could have made it.
async fn is_theirs(ctx: &Ctx, caller: &Caller, row: &store::Mute) -> Result<bool, Problem> {
    let Ok(scope) = row.scope.parse::<Scope>() else { return Ok(false) };
    let channel = match &scope {
        Scope::Channel(id) => ctx.standing.channel(*id).await?,
        _ => None,
    };
    let action = RegionAction::Sanction { scope: &scope, channel: channel.as_deref(), account: row.account, holds_powers: false };
    Ok(may_in_region(&caller.actor, action) == Decision::Allow)
}

/// The mutes that hold where one moderates, the first to end first.
#[utoipa::path(get, path = "/api/moderation/mutes", tag = "moderation",
    responses((status = 200, body = Page<Item>), (status = 401), (status = 403)))]
async fn mutes(State(ctx): State<Ctx>, caller: Caller) -> Result<Json<Page<Item>>, Problem> {
    if !caller.actor.is_moderator() {
        return Err(Problem::forbidden());
    }
    let rows = store::mutes(&mut ctx.db.read().await?, None, ctx.now()).await?;
    let mut items = Vec::new();
    for row in rows {
        if is_theirs(&ctx, &caller, &row).await? {
            items.push(Item {
                reason: open(&ctx, row.id, &row.reason).unwrap_or_default(),
                id: row.id,
                person: Named { id: row.account, name: row.name },
                scope: row.scope,
                until: rfc3339(row.until),
                created_at: rfc3339(row.created_at),
            });
        }
    }
    Ok(Json(Page::whole(items)))
}

/// Ends a mute early.
#[utoipa::path(delete, path = "/api/moderation/mutes/{id}", tag = "moderation", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 404)))]
async fn unmute(State(ctx): State<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let rows = store::mutes(&mut ctx.db.read().await?, None, ctx.now()).await?;
    let row = rows.into_iter().find(|row| row.id == id).ok_or_else(Problem::not_found)?;
    if !is_theirs(&ctx, &caller, &row).await? {
        return Err(Problem::not_found());
    }
    let (by, now, inner) = (caller.account(), ctx.now(), ctx.clone());
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if !store::end_mute(tx, id, now).await? {
                return Ok(false);
            }
            told(tx, &inner, row.account);
            let (target, detail) = (format!("account:{}", row.account), row.scope.clone());
            audit::record(tx, Act { at: now, actor: Some(by), what: "account.unmute", target, detail }).await?;
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// A word to somebody about what they said in a channel.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewWarning)]
struct Warning {
    channel: Uuid,
    /// They read it.
    note: String,
}

/// Gives somebody a word about what they said in a channel. They see it until they put it away.
#[utoipa::path(post, path = "/api/people/{id}/warnings", tag = "moderation", params(("id" = Uuid, Path)), request_body = Warning,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404), (status = 422)))]
async fn warn(
    State(ctx): State<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Warning>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    may_sanction(&ctx, &caller, &Scope::Channel(wish.channel), id).await?;
    let made = ctx.id();
    let sealed = seal(&ctx, made, &words(&wish.note)?)?;
    let (by, now, inner) = (caller.account(), ctx.now(), ctx.clone());
    let done: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            store::warn(tx, &Note { id: made, account: id, sealed: &sealed, at: now, by }, wish.channel).await?;
            count(tx, now, "warned").await?;
            notice::own_changed(tx, &inner, id);
            let detail = format!("channel:{}", wish.channel);
            audit::record(tx, Act { at: now, actor: Some(by), what: "account.warn", target: format!("account:{id}"), detail })
                .await
        })
        .await;
    done?;
    Ok((StatusCode::CREATED, Json(Made { id: made })))
}
