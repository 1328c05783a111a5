//! Who is told live that something of the library waits for them or has changed. Never what it says.

use std::collections::HashSet;

use serde_json::json;
use uuid::Uuid;

use super::shelf::Shelf;
use crate::access::ItemAction;
use crate::base::db::{AfterCommit, Result, Tx};
use crate::context::Ctx;
use crate::realtime::frame;

/// Tells somebody, once the transaction holds, that a practice concerns them: `review` (it waits for their review) or `state`
/// (it has come further, or something was said about it).
pub(super) fn tell(tx: &mut Tx, ctx: &Ctx, account: Uuid, about: &'static str, practice: Uuid) {
    let hub = ctx.hub.clone();
    tx.after_commit(move || hub.tell(account, &text(about, practice), None));
}

/// Tells those who look after it and are connected, once the transaction holds, that it waits for them.
pub(super) fn tell_keepers(tx: &mut Tx, ctx: &Ctx, shelf: &Shelf, practice: Uuid) {
    let (ctx, shelf) = (ctx.clone(), shelf.clone());
    tx.after_commit(move || {
        tokio::spawn(async move {
            if let Err(error) = tell_all(&ctx, &shelf, practice).await {
                tracing::warn!(%error, "nobody was told of a practice that waits");
            }
        });
    });
}

async fn tell_all(ctx: &Ctx, shelf: &Shelf, practice: Uuid) -> Result<()> {
    let Some(entry) = shelf.entry(ctx, practice).await? else { return Ok(()) };
    let text = text("tend", practice);
    let connected: HashSet<Uuid> = ctx.hub.entrants().into_iter().map(|(account, _)| account).collect();
    for account in connected {
        let Some(actor) = ctx.standing.actor(account).await? else { continue };
        if entry.may(&actor, ItemAction::Tend) {
            ctx.hub.tell(account, &text, None);
        }
    }
    Ok(())
}

fn text(about: &str, practice: Uuid) -> crate::realtime::Text {
    frame::text(&json!({"type": "notice", "code": "library", "about": about, "id": practice}))
}
