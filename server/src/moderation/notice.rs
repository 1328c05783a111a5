//! Who is told live: moderators how much there is to do, authors where their post stands. Never what it says.

use std::collections::HashSet;

use serde_json::json;
use uuid::Uuid;

use super::model::State;
use super::{review, store};
use crate::access::{Action, Decision, RegionAction, may, may_in_region};
use crate::base::db::{AfterCommit, Result, Tx};
use crate::context::Ctx;
use crate::realtime::frame;

/// Tells the moderators of a channel that are connected how much waits for them, once the transaction holds.
pub(super) fn queue_changed(tx: &mut Tx, ctx: &Ctx, channel: Uuid) {
    let ctx = ctx.clone();
    tx.after_commit(move || {
        tokio::spawn(async move {
            if let Err(error) = tell(&ctx, channel).await {
                tracing::warn!(%error, "moderators were not told of a change of their queue");
            }
        });
    });
}

/// Who has a window open.
fn connected(ctx: &Ctx) -> HashSet<Uuid> {
    ctx.hub.entrants().into_iter().map(|(account, _)| account).collect()
}

async fn tell(ctx: &Ctx, channel: Uuid) -> Result<()> {
    let Some(channel) = ctx.standing.channel(channel).await? else { return Ok(()) };
    for account in connected(ctx) {
        let Some(actor) = ctx.standing.actor(account).await? else { continue };
        if may(&actor, Action::Moderate, &channel) == Decision::Allow {
            let waits = review::summary(ctx, &actor).await?;
            let notice = json!({"type": "notice", "code": "moderation", "held": waits.held, "reports": waits.reports});
            ctx.hub.tell(account, &frame::text(&notice), None);
        }
    }
    Ok(())
}

/// Tells the data-protection officers that are connected how many breaches are open, once the transaction holds.
pub(super) fn breaches_changed(tx: &mut Tx, ctx: &Ctx) {
    let ctx = ctx.clone();
    tx.after_commit(move || {
        tokio::spawn(async move {
            if let Err(error) = tell_officers(&ctx).await {
                tracing::warn!(%error, "data-protection officers were not told of a breach");
            }
        });
    });
}

async fn tell_officers(ctx: &Ctx) -> Result<()> {
    let open = store::open_breaches(&mut ctx.db.read().await?).await?;
    for account in connected(ctx) {
        let Some(actor) = ctx.standing.actor(account).await? else { continue };
        if may_in_region(&actor, RegionAction::KeepBreaches) == Decision::Allow {
            ctx.hub.tell(account, &frame::text(&json!({"type": "notice", "code": "breaches", "open": open})), None);
        }
    }
    Ok(())
}

/// Tells an author where a post of theirs stands, once the transaction holds.
pub(super) fn held_changed(tx: &mut Tx, ctx: &Ctx, author: Uuid, id: Uuid, channel: Uuid, state: State) {
    let hub = ctx.hub.clone();
    let notice = json!({"type": "notice", "code": "held", "id": id, "channel": channel, "state": state});
    tx.after_commit(move || hub.tell(author, &frame::text(&notice), None));
}

/// Tells somebody that something about their own standing with moderators is new: a warning, a mute.
pub(super) fn own_changed(tx: &mut Tx, ctx: &Ctx, account: Uuid) {
    let hub = ctx.hub.clone();
    tx.after_commit(move || hub.tell(account, &frame::text(&json!({"type": "notice", "code": "own_moderation"})), None));
}
