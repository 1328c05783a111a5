//! Erasing everything that a channel holds, as if each message had been deleted: for a channel that was for training.

use std::time::Duration;

use uuid::Uuid;

use super::change::{erase, tell};
use super::{store, titles};
use crate::base::db::{self, Tx};
use crate::context::Ctx;
use crate::moderation;

/// Messages erased in one transaction.
const AT_ONCE: i64 = 100;
/// Between two of them others write.
const BREATH: Duration = Duration::from_millis(20);

/// Erases the messages of a channel, the titles of its topics and what waits in it for a moderator. Begun anew it goes on where it
/// stood.
pub async fn wipe(ctx: &Ctx, channel: Uuid) -> db::Result<()> {
    loop {
        let said = store::past(&mut ctx.db.read().await?, channel, -1, i64::MAX, AT_ONCE).await?;
        if said.is_empty() {
            break;
        }
        let ids: Vec<Uuid> = said.into_iter().map(|(id, _)| id).collect();
        let inner = ctx.clone();
        let erased: db::Result<()> = ctx.db.write(async move |tx| erase_all(tx, &inner, channel, &ids).await).await;
        erased?;
        tokio::time::sleep(BREATH).await;
    }
    loop {
        let bare = store::bare(&mut ctx.db.read().await?, channel, i64::MAX, AT_ONCE).await?;
        if bare.is_empty() {
            break;
        }
        let inner = ctx.clone();
        let erased: db::Result<()> = ctx
            .db
            .write(async move |tx| {
                for topic in &bare {
                    titles::erase_bare(tx, &inner, *topic).await?;
                }
                Ok(())
            })
            .await;
        erased?;
    }
    ctx.db.write(async move |tx| moderation::forget_channel(tx, channel).await).await
}

async fn erase_all(tx: &mut Tx, ctx: &Ctx, channel: Uuid, ids: &[Uuid]) -> db::Result<()> {
    let Some(channel) = ctx.standing.channel(channel).await? else { return Ok(()) };
    for id in ids {
        let facts = store::facts(tx, *id).await?;
        let Some(facts) = facts.filter(|facts| facts.channel == channel.id && facts.deleted_at.is_none()) else { continue };
        erase(tx, &channel, &facts, ctx.now(), None).await?;
        tell(tx, ctx, *id).await?.ok();
    }
    Ok(())
}
