//! Who is told live: editors that what waits for them has changed, members that something of theirs was decided, everybody
//! that a term has changed. Never what.

use std::collections::HashSet;

use serde_json::json;
use uuid::Uuid;

use crate::access::{Decision, RegionAction, may_in_region};
use crate::base::db::{AfterCommit, Result, Tx};
use crate::context::Ctx;
use crate::realtime::frame;

/// Tells the editors that are connected, once the transaction holds, that what waits for them has changed.
pub(super) fn proposed(tx: &mut Tx, ctx: &Ctx) {
    tell(tx, ctx, RegionAction::EditGlossary { proposed_by: None }, "proposals");
}

/// Tells everybody who is connected, once the transaction holds, that a term has changed.
pub(super) fn accepted(tx: &mut Tx, ctx: &Ctx) {
    tell(tx, ctx, RegionAction::UseGlossary, "terms");
}

/// Tells somebody, once the transaction holds, that something they proposed was decided.
pub(super) fn decided(tx: &mut Tx, ctx: &Ctx, account: Uuid) {
    let hub = ctx.hub.clone();
    tx.after_commit(move || hub.tell(account, &frame::text(&notice("decision")), None));
}

fn notice(about: &str) -> serde_json::Value {
    json!({"type": "notice", "code": "glossary", "about": about})
}

fn tell(tx: &mut Tx, ctx: &Ctx, whoever_may: RegionAction<'static>, about: &'static str) {
    let ctx = ctx.clone();
    tx.after_commit(move || {
        tokio::spawn(async move {
            if let Err(error) = tell_all(&ctx, whoever_may, about).await {
                tracing::warn!(%error, "nobody was told of a change of the glossary");
            }
        });
    });
}

async fn tell_all(ctx: &Ctx, whoever_may: RegionAction<'static>, about: &str) -> Result<()> {
    let text = frame::text(&notice(about));
    let connected: HashSet<Uuid> = ctx.hub.entrants().into_iter().map(|(account, _)| account).collect();
    for account in connected {
        let Some(actor) = ctx.standing.actor(account).await? else { continue };
        if may_in_region(&actor, whoever_may) == Decision::Allow {
            ctx.hub.tell(account, &text, None);
        }
    }
    Ok(())
}
