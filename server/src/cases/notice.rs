//! Who is told live that something has changed in a room. Never what.

use std::collections::HashSet;

use serde_json::json;
use uuid::Uuid;

use super::store::members::Member;
use crate::base::db::{AfterCommit, Tx};
use crate::context::Ctx;
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
