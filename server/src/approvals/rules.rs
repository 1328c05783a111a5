//! Who may ask for what, and who may approve it: the one who could have asked for it, too, and is somebody else.

use uuid::Uuid;

use super::model::{SHOWN_FOR, SHOWN_MAX, State, What};
use super::store::{self, Approval};
use crate::access::{Action, Actor, Decision, RegionAction, may, may_in_region};
use crate::base::db;
use crate::base::http::Problem;
use crate::channels;
use crate::context::Ctx;
use crate::identity::Caller;
use crate::moderation;

/// What is to be done in a channel: asked for, or with `asked_by` approved. `None` if it is about no one channel.
fn act(what: &What, asked_by: Option<Uuid>) -> Option<(Uuid, Action)> {
    let action = match what {
        What::Retention { .. } => Action::Retain { asked_by },
        _ => Action::Export { asked_by },
    };
    what.channel().map(|channel| (channel, action))
}

/// What may be done about it: asked for, or with `asked_by` approved.
pub(super) async fn decision(ctx: &Ctx, actor: &Actor, what: &What, asked_by: Option<Uuid>) -> db::Result<Decision> {
    if let Some((channel, action)) = act(what, asked_by) {
        let channel = ctx.standing.channel(channel).await?;
        return Ok(channel.as_deref().map_or(Decision::Hide, |channel| may(actor, action, channel)));
    }
    match what {
        What::Unmasking { posts } => moderation::may_unmask(ctx, actor, posts, asked_by).await,
        _ => Ok(may_in_region(actor, RegionAction::ExportPeople { asked_by })),
    }
}

/// Refuses who may not ask for it.
///
/// # Errors
/// `not_found` where they can't know of it; why not, otherwise.
pub(super) async fn allow_asking(ctx: &Ctx, actor: &Actor, what: &What) -> Result<(), Problem> {
    match act(what, None) {
        Some((channel, action)) => channels::authorise(ctx, actor, action, channel).await.map(drop),
        None => permitted(decision(ctx, actor, what, None).await?),
    }
}

/// A decision as it is told.
///
/// # Errors
/// `not_found` for what is hidden, the reason for what is forbidden.
pub(super) fn permitted(decision: Decision) -> Result<(), Problem> {
    match decision {
        Decision::Allow => Ok(()),
        Decision::Forbid(code) => Err(Problem::forbidden_for(code)),
        Decision::Hide => Err(Problem::not_found()),
    }
}

/// A row, what it is about, and what the caller may do about it.
pub(super) struct Seen {
    pub(super) row: Approval,
    pub(super) what: What,
    pub(super) state: State,
    /// Whether the caller may decide about it.
    pub(super) decision: Decision,
}

/// What was asked for, if this person could have asked for it, or has.
pub(super) async fn seen(ctx: &Ctx, actor: &Actor, row: Approval) -> db::Result<Option<Seen>> {
    let Ok(what) = serde_json::from_str::<What>(&row.what) else { return Ok(None) };
    let state = State::of(&row.state, row.expires_at, ctx.now());
    let could_ask = decision(ctx, actor, &what, None).await? == Decision::Allow;
    // Posts that were decided about can't be asked for any more; who has asked for them is still told what became of it.
    if !could_ask && row.asked_by != actor.account {
        return Ok(None);
    }
    let decision = decision(ctx, actor, &what, Some(row.asked_by)).await?;
    Ok(Some(Seen { row, what, state, decision }))
}

/// All that this person is shown.
pub(super) async fn all(ctx: &Ctx, actor: &Actor) -> db::Result<Vec<Seen>> {
    let now = ctx.now();
    let rows = store::asked(&mut ctx.db.read().await?, now - SHOWN_FOR, now).await?;
    let mut all = Vec::new();
    for row in rows {
        all.extend(seen(ctx, actor, row).await?);
        if all.len() == SHOWN_MAX {
            break;
        }
    }
    Ok(all)
}

/// One of them.
///
/// # Errors
/// `not_found`.
pub(super) async fn find(ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<Seen, Problem> {
    let row = store::one(&mut ctx.db.read().await?, id).await?.ok_or_else(Problem::not_found)?;
    seen(ctx, actor, row).await?.ok_or_else(Problem::not_found)
}

/// What was approved for the caller to do, and by whom: the permission of both is looked at once more, now.
///
/// # Errors
/// `not_found`; `only_who_asked`; `approval_waiting` while nobody has approved it; `approval_over` where nothing comes of it any
/// more, or who approved it may not do so any more.
pub(super) async fn approved(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<(Seen, Uuid), Problem> {
    let seen = find(ctx, &caller.actor, id).await?;
    if seen.row.asked_by != caller.account() {
        return Err(Problem::forbidden_for("only_who_asked"));
    }
    match seen.state {
        State::Approved => {}
        State::Waiting => return Err(Problem::conflict("approval_waiting", "Somebody else has to approve it first")),
        _ => return Err(over()),
    }
    permitted(decision(ctx, &caller.actor, &seen.what, None).await?)?;
    let approver = seen.row.decided_by.ok_or_else(over)?;
    let stands = match ctx.standing.actor(approver).await? {
        Some(actor) => decision(ctx, &actor, &seen.what, Some(seen.row.asked_by)).await? == Decision::Allow,
        None => false,
    };
    if stands { Ok((seen, approver)) } else { Err(over()) }
}

/// Nothing comes of it any more.
pub(super) fn over() -> Problem {
    Problem::conflict("approval_over", "It was used, refused or taken back, or its day is over")
}
