//! Who is told live that something about an event of theirs is to be looked at. Never what.

use serde_json::json;
use uuid::Uuid;

use super::store;
use crate::base::db::{AfterCommit, Result, Tx};
use crate::context::Ctx;
use crate::realtime::frame;

/// Tells somebody, once the transaction holds.
pub(super) fn tell(tx: &mut Tx, ctx: &Ctx, account: Uuid, event: Uuid, what: &'static str) {
    let hub = ctx.hub.clone();
    let notice = json!({"type": "notice", "code": "agenda", "id": event, "about": what});
    tx.after_commit(move || hub.tell(account, &frame::text(&notice), None));
}

/// Keeps for everybody who comes or may come that an event was changed or cancelled, and tells them; not who has done it.
pub(super) async fn tell_answered(tx: &mut Tx, ctx: &Ctx, event: Uuid, by: Uuid, what: &'static str) -> Result<()> {
    for account in store::answered(tx, event, by).await? {
        store::notice_anew(tx, event, account, what, ctx.now()).await?;
        tell(tx, ctx, account, event, what);
    }
    Ok(())
}
