//! Who is told live that a campaign waits for them, or was decided about. Never what it says.

use std::collections::HashSet;

use serde_json::json;
use uuid::Uuid;

use super::whole::Whole;
use crate::access::{Decision, ItemAction};
use crate::base::db::{AfterCommit, Result, Tx};
use crate::context::Ctx;
use crate::realtime::frame;

/// Tells these people, once the transaction holds.
pub(super) fn tell(tx: &mut Tx, ctx: &Ctx, campaign: Uuid, about: &'static str, people: impl IntoIterator<Item = Uuid>) {
    let people: HashSet<Uuid> = people.into_iter().collect();
    let hub = ctx.hub.clone();
    tx.after_commit(move || {
        let text = frame::text(&notice(campaign, about));
        for account in people {
            hub.tell(account, &text, None);
        }
    });
}

/// Tells those who are connected and may approve it that it asks for that.
pub(super) fn asked(tx: &mut Tx, ctx: &Ctx, whole: &Whole) {
    let (ctx, whole) = (ctx.clone(), whole.clone());
    tx.after_commit(move || {
        tokio::spawn(async move {
            if let Err(error) = tell_tenders(&ctx, &whole).await {
                tracing::warn!(%error, "nobody was told that a campaign asks for approval");
            }
        });
    });
}

fn notice(campaign: Uuid, about: &str) -> serde_json::Value {
    json!({"type": "notice", "code": "campaign", "about": about, "id": campaign})
}

async fn tell_tenders(ctx: &Ctx, whole: &Whole) -> Result<()> {
    let text = frame::text(&notice(whole.head.id, "asked"));
    let connected: HashSet<Uuid> = ctx.hub.entrants().into_iter().map(|(account, _)| account).collect();
    for account in connected {
        let Some(actor) = ctx.standing.actor(account).await? else { continue };
        if !whole.is_own(&actor) && whole.may(&actor, ItemAction::Tend) == Decision::Allow {
            ctx.hub.tell(account, &text, None);
        }
    }
    Ok(())
}
