//! Who is told live that a referral of theirs has changed. Never what it says, and nobody else.

use serde_json::json;
use uuid::Uuid;

use super::store;
use crate::base::db::{AfterCommit, Result, Tx};
use crate::context::Ctx;
use crate::realtime::frame;

/// Tells everybody who was let into it, once the transaction holds. `about`: `changed`, `late` or `expired`.
pub(super) async fn tell(tx: &mut Tx, ctx: &Ctx, id: Uuid, about: &'static str) -> Result<()> {
    let people = store::people(tx, id).await?;
    tell_these(tx, ctx, id, about, people.into_iter().map(|(account, _)| account).collect());
    Ok(())
}

/// Tells these people.
pub(super) fn tell_these(tx: &mut Tx, ctx: &Ctx, id: Uuid, about: &'static str, people: Vec<Uuid>) {
    let hub = ctx.hub.clone();
    tx.after_commit(move || {
        let text = frame::text(&json!({"type": "notice", "code": "referral", "about": about, "id": id}));
        for account in people {
            hub.tell(account, &text, None);
        }
    });
}
