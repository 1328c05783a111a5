//! Deciding about a post that waits: by one moderator, once.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::hold::{covered, seal, words};
use super::model::{CLAIM_FOR, Concern, NOTE_MAX, Outcome, Release};
use super::review::{already, claimant, to_decide};
use super::store::{self, Decided, Held};
use super::{Publish, Settle, count, notice};
use crate::access::{Action, ChannelKind, Decision, may};
use crate::audit::{self, Act};
use crate::base::db::{self, Tx};
use crate::base::http::Problem;
use crate::base::text;
use crate::channels;
use crate::context::Ctx;
use crate::identity::Caller;

/// Bytes of a suggested wording at most: those of a message.
const SUGGESTION_MAX: usize = 16 * 1024;

/// What is decided about a post that waits.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = HeldDecision)]
pub(super) struct Wish {
    pub(super) outcome: Outcome,
    /// Why, when it is refused.
    reason: Option<Concern>,
    /// A friendly word to its author.
    note: Option<String>,
    /// Another wording, when it is returned.
    suggestion: Option<String>,
    /// The closed room, when it is moved: both its author and who decides belong to it.
    room: Option<Uuid>,
}

/// A decision, checked and sealed.
#[derive(Clone)]
struct Settled {
    id: Uuid,
    held: Held,
    outcome: Outcome,
    reason: Option<Concern>,
    note: Option<Vec<u8>>,
    suggestion: Option<Vec<u8>>,
    room: Option<Uuid>,
    at: i64,
    by: Uuid,
}

/// A note as somebody typed it, on one line; `None` if it is empty.
///
/// # Errors
/// `note_invalid`.
pub(crate) fn note(text: Option<&str>) -> Result<Option<String>, Problem> {
    let typed = text.filter(|text| !text.trim().is_empty());
    let unusable = || Problem::unprocessable("note_invalid", "This note can't be used").with("limit", NOTE_MAX);
    typed.map(|typed| text::line(typed, NOTE_MAX).ok_or_else(unusable)).transpose()
}

fn suggestion(text: Option<&str>) -> Result<Option<String>, Problem> {
    let typed = text.map(text::unified).filter(|text| !text.trim().is_empty());
    if typed.as_ref().is_some_and(|text| text.len() > SUGGESTION_MAX || text::has_controls(text)) {
        return Err(Problem::unprocessable("note_invalid", "This wording can't be used").with("limit", SUGGESTION_MAX));
    }
    Ok(typed)
}

/// Decides about a post.
///
/// # Errors
/// As [`to_decide`]; `claimed`; `decision_incomplete` where a reason, another wording or a room is missing; `not_found`,
/// `room_open` and `author_not_in_room` for the room; what stands in the way of the message where it is released.
pub(super) async fn decide(ctx: &Ctx, caller: &Caller, publish: Publish, id: Uuid, wish: &Wish) -> Result<(), Problem> {
    let held = to_decide(ctx, &caller.actor, id).await?;
    free(ctx, caller, &held)?;
    let (text, other) = (note(wish.note.as_deref())?, suggestion(wish.suggestion.as_deref())?);
    let complete = match wish.outcome {
        Outcome::Release | Outcome::ReleaseMasked => true,
        Outcome::Move => wish.room.is_some(),
        Outcome::Return => other.is_some(),
        Outcome::Refuse => wish.reason.is_some_and(|reason| reason != Concern::Other || text.is_some()),
    };
    if !complete {
        return Err(Problem::unprocessable("decision_incomplete", "Its author must be told why, or what to write instead"));
    }
    let room = wish.room.filter(|_| wish.outcome == Outcome::Move);
    if let Some(room) = room {
        admit(ctx, caller, &held, room).await?;
    }
    let decision = ctx.id();
    let settled = Settled {
        id: decision,
        outcome: wish.outcome,
        reason: wish.reason,
        note: text.map(|text| seal(ctx, decision, &text)).transpose()?,
        suggestion: other.map(|text| seal(ctx, decision, &text)).transpose()?,
        room,
        at: ctx.now(),
        by: caller.account(),
        held,
    };
    let done = match wish.outcome {
        Outcome::Release | Outcome::ReleaseMasked | Outcome::Move => release(ctx, publish, settled).await?,
        Outcome::Return | Outcome::Refuse => {
            let inner = ctx.clone();
            let done: db::Result<bool> = ctx.db.write(async move |tx| settle(tx, &inner, &settled).await).await;
            done?
        }
    };
    if done { Ok(()) } else { Err(already()) }
}

/// Refuses a room that this person or the author of a post couldn't say it in, or that everybody may read.
async fn admit(ctx: &Ctx, caller: &Caller, held: &Held, room: Uuid) -> Result<(), Problem> {
    let room = channels::authorise(ctx, &caller.actor, Action::Post, room).await?;
    if room.kind != ChannelKind::Closed {
        return Err(Problem::conflict("room_open", "It can be moved into a closed room alone"));
    }
    let author = ctx.standing.actor(held.author).await?;
    if author.is_some_and(|author| may(&author, Action::Post, &room) == Decision::Allow) {
        return Ok(());
    }
    Err(Problem::conflict("author_not_in_room", "Its author doesn't belong to that room, or may say nothing in it"))
}

/// Refuses what somebody else has taken on.
pub(super) fn free(ctx: &Ctx, caller: &Caller, held: &Held) -> Result<(), Problem> {
    match claimant(held, ctx.now()) {
        Some(other) if other != caller.account() => {
            let name = held.claimed_name.clone().unwrap_or_default();
            Err(Problem::conflict("claimed", "Somebody else has taken this on").with("name", name))
        }
        _ => Ok(()),
    }
}

async fn release(ctx: &Ctx, publish: Publish, settled: Settled) -> Result<bool, Problem> {
    let held = &settled.held;
    let Some(sealed) = words(ctx, held) else { return Ok(false) };
    let draft = match settled.outcome {
        Outcome::ReleaseMasked | Outcome::Move => sealed.draft.masked(&covered(held, &sealed.draft)),
        _ => sealed.draft,
    };
    let release = Release {
        id: held.id,
        channel: settled.room.unwrap_or(held.channel),
        from: held.channel,
        marking: sealed.marking,
        author: held.author,
        title: draft.title,
        body: draft.body,
        draft: sealed.rest,
    };
    let inner = ctx.clone();
    let settle: Settle = Box::new(move |tx| {
        let (ctx, settled) = (inner.clone(), settled.clone());
        Box::pin(async move { settle(tx, &ctx, &settled).await })
    });
    publish(ctx.clone(), release, settle).await
}

/// Notes the decision. `false` if somebody was faster.
async fn settle(tx: &mut Tx, ctx: &Ctx, settled: &Settled) -> db::Result<bool> {
    let (held, state) = (&settled.held, settled.outcome.state());
    let decided = Decided {
        id: settled.id,
        held: held.id,
        at: settled.at,
        by: settled.by,
        outcome: state.as_str(),
        reason: settled.reason.map(Concern::as_str),
        note: settled.note.as_deref(),
        suggestion: settled.suggestion.as_deref(),
        moved_to: settled.room,
    };
    let erase = matches!(settled.outcome, Outcome::Release | Outcome::ReleaseMasked | Outcome::Move);
    if !store::decide(tx, &decided, state.as_str(), settled.at - CLAIM_FOR, erase).await? {
        return Ok(false);
    }
    count(tx, settled.at, state.as_str()).await?;
    let what = match settled.outcome {
        Outcome::Release => "held.release",
        Outcome::ReleaseMasked => "held.release_masked",
        Outcome::Move => "held.move",
        Outcome::Return => "held.return",
        Outcome::Refuse => "held.refuse",
    };
    let mut detail = format!("channel:{}", held.channel);
    if let Some(room) = settled.room {
        detail = format!("from {detail} to channel:{room}");
    }
    let target = format!("held:{}", held.id);
    audit::record(tx, Act { at: settled.at, actor: Some(settled.by), what, target, detail }).await?;
    notice::queue_changed(tx, ctx, held.channel);
    notice::held_changed(tx, ctx, held.author, held.id, held.channel, state);
    Ok(true)
}
