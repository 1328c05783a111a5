//! One's own posts that wait or came back, and what moderators have said to one.

use axum::extract::State as Given;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::Named;
use crate::access::{Action, Decision, may};
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::base::http::{Json, Path, Problem};
use crate::context::Ctx;
use crate::identity::Caller;
use crate::moderation::decide::note;
use crate::moderation::hold::{open, seal, words};
use crate::moderation::model::{Concern, DECIDE_WITHIN, Reason, State, TOLD_FOR};
use crate::moderation::{count, notice, store};

pub(super) fn router(ctx: Ctx) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(withdraw))
        .routes(routes!(appeal))
        .routes(routes!(put_away))
        .with_state(ctx)
}

/// A post of one's own that waits, came back, was moved, or ran out.
#[derive(Serialize, ToSchema)]
struct OwnHeld {
    id: Uuid,
    #[serde(rename = "ref")]
    reference: Option<Uuid>,
    channel: Uuid,
    /// The topic it is for; none where it begins one, or is for `General`.
    topic: Option<Uuid>,
    /// The title of the topic it begins.
    new_topic: Option<String>,
    /// Markdown; empty once it was moved or ran out.
    body: String,
    state: State,
    reasons: Vec<Reason>,
    created_at: String,
    /// Moderators of the whole region are called, too, from then on.
    deadline: String,
    /// It is erased by then.
    erase_at: String,
    /// Why it was refused.
    concern: Option<Concern>,
    /// A moderator's word.
    note: Option<String>,
    /// Another wording.
    suggestion: Option<String>,
    /// The closed room that it was moved into.
    moved_to: Option<Uuid>,
    /// Whether another moderator may still be asked.
    may_appeal: bool,
    /// Whether another moderator was asked.
    appealed: bool,
}

impl OwnHeld {
    fn new(ctx: &Ctx, row: &store::Held, last: Option<store::Last>) -> Self {
        let state = State::of(&row.state);
        let draft = words(ctx, row).map(|sealed| sealed.draft);
        let came_back = matches!(state, State::Returned | State::Refused);
        let last = last.filter(|_| came_back);
        let of = |sealed: fn(&store::Last) -> Option<&[u8]>| last.as_ref().and_then(|last| open(ctx, last.id, sealed(last)?));
        Self {
            id: row.id,
            reference: row.reference,
            channel: row.channel,
            topic: row.topic,
            may_appeal: came_back && row.appealed_at.is_none(),
            appealed: row.appealed_at.is_some(),
            new_topic: draft.as_ref().and_then(|draft| draft.title.clone()),
            body: draft.map(|draft| draft.body).unwrap_or_default(),
            state,
            reasons: Reason::of(&row.reasons),
            created_at: rfc3339(row.created_at),
            deadline: rfc3339(row.deadline),
            erase_at: rfc3339(row.erase_at),
            concern: last.as_ref().and_then(|last| last.reason.as_deref()).map(Concern::of),
            note: of(|last| last.note.as_deref()),
            suggestion: of(|last| last.suggestion.as_deref()),
            moved_to: row.moved_to,
        }
    }
}

/// Where one is to say nothing for a while.
#[derive(Serialize, ToSchema)]
struct OwnMute {
    id: Uuid,
    /// `region`, `country:RO`, `theme:<slug>` or `channel:<id>`.
    scope: String,
    until: String,
    reason: String,
}

/// A word from a moderator.
#[derive(Serialize, ToSchema)]
struct OwnWarning {
    id: Uuid,
    channel: Uuid,
    note: String,
    created_at: String,
}

/// How one stands with the moderators, and who can help.
#[derive(Serialize, ToSchema)]
struct OwnModeration {
    /// Oldest first.
    held: Vec<OwnHeld>,
    mutes: Vec<OwnMute>,
    /// Those one hasn't put away.
    warnings: Vec<OwnWarning>,
    /// Moderators of one's country, then of the region.
    helpers: Vec<Named>,
}

/// One's own posts that wait or came back, mutes and warnings.
#[utoipa::path(get, path = "/api/me/moderation", tag = "moderation", responses((status = 200, body = OwnModeration), (status = 401)))]
async fn show(Given(ctx): Given<Ctx>, caller: Caller) -> Result<Json<OwnModeration>, Problem> {
    let (me, now) = (caller.account(), ctx.now());
    let mut conn = ctx.db.read().await?;
    let mut held = Vec::new();
    for row in store::own(&mut conn, me, now - TOLD_FOR).await? {
        let last = store::last_decision(&mut conn, row.id).await?;
        held.push(OwnHeld::new(&ctx, &row, last));
    }
    let mutes = store::mutes(&mut conn, Some(me), now).await?;
    let mutes = mutes.into_iter().map(|mute| {
        let reason = open(&ctx, mute.id, &mute.reason).unwrap_or_default();
        OwnMute { id: mute.id, scope: mute.scope, until: rfc3339(mute.until), reason }
    });
    let warnings = store::warnings(&mut conn, me).await?;
    let warnings = warnings.into_iter().map(|warning| {
        let note = open(&ctx, warning.id, &warning.note).unwrap_or_default();
        OwnWarning { id: warning.id, channel: warning.channel, note, created_at: rfc3339(warning.created_at) }
    });
    let country = caller.actor.country.as_ref().map(|code| format!("country:{code}"));
    let helpers = store::helpers(&mut conn, [country, None, None], now).await?;
    Ok(Json(OwnModeration {
        held,
        mutes: mutes.collect(),
        warnings: warnings.collect(),
        helpers: helpers.into_iter().filter(|(id, _)| *id != me).map(|(id, name)| Named { id, name }).collect(),
    }))
}

/// Takes a post of one's own back while it waits, or puts away one that came back.
#[utoipa::path(delete, path = "/api/me/held/{id}", tag = "moderation", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 404)))]
async fn withdraw(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let (me, now, inner) = (caller.account(), ctx.now(), ctx.clone());
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            let Some(row) = store::held(tx, id).await?.filter(|row| row.author == me) else { return Ok(false) };
            if !store::withdraw(tx, id, me, now).await? {
                return Ok(false);
            }
            if State::of(&row.state) == State::Waiting {
                count(tx, now, State::Withdrawn.as_str()).await?;
                notice::queue_changed(tx, &inner, row.channel);
            }
            notice::held_changed(tx, &inner, me, id, row.channel, State::Withdrawn);
            Ok(true)
        })
        .await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// Why another moderator should look.
#[derive(Deserialize, ToSchema)]
struct Appeal {
    note: Option<String>,
}

/// Asks another moderator to look at a post that came back. Once; the post is erased at the same time as before.
#[utoipa::path(put, path = "/api/me/held/{id}/appeal", tag = "moderation", params(("id" = Uuid, Path)), request_body = Appeal,
    responses((status = 204), (status = 401), (status = 404), (status = 409), (status = 422)))]
async fn appeal(
    Given(ctx): Given<Ctx>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wish): Json<Appeal>,
) -> Result<StatusCode, Problem> {
    let me = caller.account();
    let row = store::held(&mut ctx.db.read().await?, id).await?.filter(|row| row.author == me).ok_or_else(Problem::not_found)?;
    let channel = ctx.standing.channel(row.channel).await?.ok_or_else(Problem::not_found)?;
    if may(&caller.actor, Action::Read, &channel) != Decision::Allow {
        return Err(Problem::not_found());
    }
    let sealed = seal(&ctx, id, &note(wish.note.as_deref())?.unwrap_or_default())?;
    let (now, inner) = (ctx.now(), ctx.clone());
    let done: db::Result<bool> = ctx
        .db
        .write(async move |tx| {
            if !store::appeal(tx, id, me, now, &sealed, now + DECIDE_WITHIN).await? {
                return Ok(false);
            }
            count(tx, now, "appealed").await?;
            notice::queue_changed(tx, &inner, row.channel);
            notice::held_changed(tx, &inner, me, id, row.channel, State::Waiting);
            Ok(true)
        })
        .await;
    let not_now = || Problem::conflict("appeal_not_possible", "There is nothing to appeal against, or it was done before");
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(not_now()) }
}

/// Puts a warning away.
#[utoipa::path(delete, path = "/api/me/warnings/{id}", tag = "moderation", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 404)))]
async fn put_away(Given(ctx): Given<Ctx>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let (me, now) = (caller.account(), ctx.now());
    let done: db::Result<bool> = ctx.db.write(async move |tx| store::see_warning(tx, id, me, now).await).await;
    if done? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}
