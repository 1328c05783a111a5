//! Who is told live: a source that it was asked for something, editors what came of it, those who may release that something
//! waits. Never what.

use std::collections::HashSet;

use serde_json::json;
use uuid::Uuid;

use crate::access::{Actor, Decision, RegionAction, may_in_region};
use crate::base::db::{AfterCommit, Result, Tx};
use crate::context::Ctx;
use crate::realtime::frame;

/// Tells somebody, once the transaction holds, that they were asked to lower something of theirs.
pub(super) fn asked(tx: &mut Tx, ctx: &Ctx, source: Uuid) {
    let hub = ctx.hub.clone();
    tx.after_commit(move || hub.tell(source, &frame::text(&notice("request")), None));
}

/// Tells editors, once the transaction holds, that a source has answered.
pub(super) fn answered(tx: &mut Tx, ctx: &Ctx) {
    tell(tx, ctx, "answer");
}

/// Tells who composes and who may release, once the transaction holds, that an issue has changed.
pub(super) fn changed(tx: &mut Tx, ctx: &Ctx) {
    tell(tx, ctx, "issue");
}

fn notice(about: &str) -> serde_json::Value {
    json!({"type": "notice", "code": "newsletter", "about": about})
}

/// Whether somebody sees issues that are not released.
pub(super) fn sees_drafts(actor: &Actor) -> bool {
    let may = |action| may_in_region(actor, action) == Decision::Allow;
    may(RegionAction::ComposeNewsletter) || may(RegionAction::ReleaseNewsletter { worked_on: &[] })
}

fn tell(tx: &mut Tx, ctx: &Ctx, about: &'static str) {
    let ctx = ctx.clone();
    tx.after_commit(move || {
        tokio::spawn(async move {
            if let Err(error) = tell_all(&ctx, about).await {
                tracing::warn!(%error, "nobody was told of a change of the newsletter");
            }
        });
    });
}

async fn tell_all(ctx: &Ctx, about: &str) -> Result<()> {
    let text = frame::text(&notice(about));
    let connected: HashSet<Uuid> = ctx.hub.entrants().into_iter().map(|(account, _)| account).collect();
    for account in connected {
        let Some(actor) = ctx.standing.actor(account).await? else { continue };
        if sees_drafts(&actor) {
            ctx.hub.tell(account, &text, None);
        }
    }
    Ok(())
}
