//! Titles of topics that are erased with what was said under them.

use uuid::Uuid;

use super::catch_up::topic_change;
use super::store::{self, Facts};
use crate::base::db::{self, AfterCommit, Tx};
use crate::channels::changes::{self, Change, Kind};
use crate::channels::topics;
use crate::context::Ctx;
use crate::idempotency;

/// Erases the title of the topic that this message began, if it began one.
pub(super) async fn erase_begun(tx: &mut Tx, ctx: &Ctx, facts: &Facts) -> db::Result<()> {
    if store::began(tx, facts.topic).await? == Some(facts.n) {
        erase(tx, ctx, facts.topic).await?;
    }
    Ok(())
}

/// Erases the title of a topic under which nothing is said any more.
pub(super) async fn erase_bare(tx: &mut Tx, ctx: &Ctx, topic: Uuid) -> db::Result<()> {
    if !store::stands(tx, topic).await? {
        erase(tx, ctx, topic).await?;
    }
    Ok(())
}

/// Erases the title of a topic, with what kept answers hold of it, and tells its channel; `false` if it has none. The topic stays
/// and can be given another one; `General` is a word of ours.
pub(super) async fn erase(tx: &mut Tx, ctx: &Ctx, topic: Uuid) -> db::Result<bool> {
    let row = topics::topic(tx, topic).await?;
    let Some(row) = row.filter(|row| !row.general && !row.title.is_empty()) else { return Ok(false) };
    let seq = changes::note(tx, row.channel, &Change { kind: Kind::Topic, id: topic, digest: &[] }).await?;
    topics::erase_title(tx, topic, ctx.now(), seq).await?;
    idempotency::forget(tx, topic).await?;
    tx.erases();
    if let Some(row) = topics::topic(tx, topic).await? {
        let (hub, channel, change) = (ctx.hub.clone(), row.channel, topic_change(seq, row));
        tx.after_commit(move || hub.publish(channel, change));
    }
    Ok(true)
}
