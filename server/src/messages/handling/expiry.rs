//! The end of what is RED: erased when its time has come, as if it had been deleted.

use std::time::Duration;

use uuid::Uuid;

use super::super::change::{erase, tell};
use super::super::store as messages;
use crate::audit::{self, Act};
use crate::base::db;
use crate::context::Ctx;

/// How often is looked whether something's time has come: one step in an index that holds nothing else.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Erases what has come to its end, for as long as the server runs.
pub async fn expire(ctx: Ctx) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if let Err(error) = expire_due(&ctx).await {
            tracing::warn!(%error, "what has come to its end could not be erased");
        }
    }
}

async fn expire_due(ctx: &Ctx) -> db::Result<()> {
    let now = ctx.now();
    let due = messages::expired(&mut ctx.db.read().await?, now).await?;
    for id in due {
        expire_one(ctx, id, now).await?;
    }
    Ok(())
}

/// Also in an archived channel: what should be gone goes.
async fn expire_one(ctx: &Ctx, id: Uuid, now: i64) -> db::Result<()> {
    let Some(facts) = messages::facts(&mut ctx.db.read().await?, id).await? else { return Ok(()) };
    let Some(channel) = ctx.standing.channel(facts.channel).await? else { return Ok(()) };
    let (inner, db) = (ctx.clone(), ctx.db.clone());
    db.write(async move |tx| {
        let facts = messages::facts(tx, id).await?;
        // Moved, deleted or given another end meanwhile.
        let Some(facts) = facts.filter(|facts| facts.channel == channel.id && facts.deleted_at.is_none()) else { return Ok(()) };
        if !messages::expired(tx, now).await?.contains(&id) {
            return Ok(());
        }
        erase(tx, &channel, &facts, now, None).await?;
        let (target, detail) = (format!("message:{id}"), format!("channel:{}", channel.id));
        audit::record(tx, Act { at: now, actor: None, what: "message.expire", target, detail }).await?;
        tell(tx, &inner, id).await.map(drop)
    })
    .await
}
