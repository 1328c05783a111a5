//! Who is told live that something has changed in a room. Never what.

use std::collections::HashSet;

use serde_json::json;
use uuid::Uuid;

use super::store::members::Member;
use crate::base::db::{AfterCommit, Result, Tx};
use crate::context::Ctx;
use crate::keys;
use crate::realtime::frame;

/// Tells these people, once the transaction holds.
pub(super) fn tell(tx: &mut Tx, ctx: &Ctx, case: Uuid, seq: i64, about: &'static str, people: impl IntoIterator<Item = Uuid>) {
    let people: HashSet<Uuid> = people.into_iter().collect();
    let hub = ctx.hub.clone();
    tx.after_commit(move || {
        let text = frame::text(&json!({"type": "notice", "code": "case", "about": about, "id": case, "seq": seq}));
        for account in people {
            hub.tell(account, &text, None);
        }
    });
}

/// Tells the members of a room that it has changed.
pub(super) fn changed(tx: &mut Tx, ctx: &Ctx, case: Uuid, seq: i64, members: &[Member]) {
    let members = members.iter().filter(|member| member.is_active()).map(|member| member.account);
    tell(tx, ctx, case, seq, "changed", members.collect::<Vec<_>>());
}

/// Tells who holds the escrow that something about it is new: never which room.
pub(super) async fn holders(tx: &mut Tx, ctx: &Ctx) -> Result<()> {
    let people: Vec<Uuid> = keys::escrow::holders(tx).await?.into_iter().map(|holder| holder.account).collect();
    let hub = ctx.hub.clone();
    tx.after_commit(move || {
        let text = frame::text(&json!({"type": "notice", "code": "escrow"}));
        for account in people {
            hub.tell(account, &text, None);
        }
    });
    Ok(())
}
