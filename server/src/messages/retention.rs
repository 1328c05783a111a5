//! What is past the days that its channel keeps it: erased once a day, as if it had been deleted.

use std::time::Duration;

use uuid::Uuid;

use super::change::{erase, tell};
use super::ends::end_in_channel;
use super::{store, titles};
use crate::audit::{self, Act};
use crate::base::clock::{DAY, HOUR};
use crate::base::db::{self, Tx};
use crate::channels;
use crate::context::Ctx;

/// How often is looked whether a day has passed.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Messages erased in one transaction.
const AT_ONCE: i64 = 100;
/// Between two of them others write.
const BREATH: Duration = Duration::from_millis(50);

/// What a run has erased in a channel.
#[derive(Clone, Copy, Debug, Default)]
struct Erased {
    messages: usize,
    titles: usize,
}

/// Erases what is past its channel's days, at the start and once a day, for as long as the server runs.
pub async fn keep_retention(ctx: Ctx) {
    let mut due = i64::MIN;
    loop {
        if ctx.now() >= due {
            due = ctx.now() + DAY;
            if let Err(error) = run(&ctx).await {
                tracing::warn!(%error, "what is past its days could not be erased");
                due = ctx.now() + HOUR;
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Also in archived channels: what should be gone goes.
async fn run(ctx: &Ctx) -> db::Result<()> {
    let keeping = channels::keeping(&mut ctx.db.read().await?).await?;
    for (channel, days) in keeping {
        let until = ctx.now() - days * DAY;
        let mut erased = Erased::default();
        let done = sweep(ctx, channel, until, &mut erased).await;
        // What was erased before something failed is recorded, too.
        record(ctx, channel, erased).await?;
        done?;
    }
    Ok(())
}

async fn sweep(ctx: &Ctx, channel: Uuid, until: i64, erased: &mut Erased) -> db::Result<()> {
    let mut after = -1;
    loop {
        let past = store::past(&mut ctx.db.read().await?, channel, after, until, AT_ONCE).await?;
        let Some((_, last)) = past.last() else { break };
        after = *last;
        let ids: Vec<Uuid> = past.into_iter().map(|(id, _)| id).collect();
        let inner = ctx.clone();
        erased.messages += ctx.db.write(async move |tx| erase_past(tx, &inner, channel, &ids).await).await?;
        tokio::time::sleep(BREATH).await;
    }
    loop {
        let bare = store::bare(&mut ctx.db.read().await?, channel, until, AT_ONCE).await?;
        if bare.is_empty() {
            return Ok(());
        }
        let inner = ctx.clone();
        erased.titles += bare.len();
        let done: db::Result<()> = ctx
            .db
            .write(async move |tx| {
                for topic in &bare {
                    titles::erase_bare(tx, &inner, *topic).await?;
                }
                Ok(())
            })
            .await;
        done?;
        tokio::time::sleep(BREATH).await;
    }
}

/// Erases those of these messages that are still there and still past their days; how many.
async fn erase_past(tx: &mut Tx, ctx: &Ctx, channel: Uuid, ids: &[Uuid]) -> db::Result<usize> {
    let Some(channel) = ctx.standing.channel(channel).await? else { return Ok(0) };
    // As it is now: two people may have decided otherwise meanwhile.
    let days = channels::retention_of(tx, channel.id).await?;
    let now = ctx.now();
    let mut erased = 0;
    for id in ids {
        let facts = store::facts(tx, *id).await?;
        let facts = facts.filter(|facts| facts.channel == channel.id && facts.deleted_at.is_none());
        let Some(facts) = facts.filter(|facts| end_in_channel(facts.posted_at, days).is_some_and(|end| end <= now)) else {
            continue;
        };
        erase(tx, &channel, &facts, now, None).await?;
        tell(tx, ctx, *id).await?.ok();
        erased += 1;
    }
    Ok(erased)
}

/// One row for a channel and a run that has erased something in it.
async fn record(ctx: &Ctx, channel: Uuid, erased: Erased) -> db::Result<()> {
    let Erased { messages, titles } = erased;
    if messages + titles == 0 {
        return Ok(());
    }
    let (at, target, detail) = (ctx.now(), format!("channel:{channel}"), format!("messages={messages} titles={titles}"));
    ctx.db
        .write(async move |tx| {
            let (target, detail) = (target.clone(), detail.clone());
            audit::record(tx, Act { at, actor: None, what: "channel.erase_old", target, detail }).await
        })
        .await
}
