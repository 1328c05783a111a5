//! Who is told live that something waits for them. Never what.

use std::collections::HashSet;

use serde_json::json;
use uuid::Uuid;

use super::rules;
use crate::base::db::{AfterCommit, Result, Tx};
use crate::context::Ctx;
use crate::realtime::frame;

/// Tells who could have asked for it, and who has, that something about it is new, once the transaction holds.
pub(super) fn changed(tx: &mut Tx, ctx: &Ctx, id: Uuid) {
    let ctx = ctx.clone();
    tx.after_commit(move || {
        tokio::spawn(async move {
            if let Err(error) = tell(&ctx, id).await {
                tracing::warn!(%error, "nobody was told of what takes two");
            }
        });
    });
}

async fn tell(ctx: &Ctx, id: Uuid) -> Result<()> {
    let Some(row) = super::store::one(&mut ctx.db.read().await?, id).await? else { return Ok(()) };
    let connected: HashSet<Uuid> = ctx.hub.entrants().into_iter().map(|(account, _)| account).collect();
    for account in connected {
        let Some(actor) = ctx.standing.actor(account).await? else { continue };
        if !actor.holds_powers() {
            continue;
        }
        if rules::seen(ctx, &actor, row.clone()).await?.is_some() {
            ctx.hub.tell(account, &frame::text(&json!({"type": "notice", "code": "approvals"})), None);
        }
    }
    Ok(())
}
