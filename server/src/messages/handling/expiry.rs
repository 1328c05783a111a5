//! The end that a message has of its own: who gives it one, and how it is erased when its time has come, as if it had been
//! deleted.

use std::time::Duration;

use uuid::Uuid;

use super::super::change::{self, Changed, erase, locate, tell, writable};
use super::super::store as messages;
use super::super::{ends, titles};
use super::marking::note;
use crate::access::{Action, Actor};
use crate::audit::{self, Act};
use crate::base::db;
use crate::base::http::Problem;
use crate::channels;
use crate::channels::changes::Kind;
use crate::context::Ctx;

/// How often is looked whether something's time has come: one step in an index that holds nothing else.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Gives a message an end so many days from now, or the one that it has without saying: none, but for what is RED. Its author
/// may; a moderator of the channel only an earlier one. It isn't kept for longer than its channel keeps it.
pub(super) async fn set(ctx: &Ctx, actor: &Actor, id: Uuid, days: Option<i64>) -> Result<(), Problem> {
    let (facts, channel) = locate(ctx, actor, Action::Read, id).await?;
    let own = facts.author == actor.account;
    channels::authorise(ctx, actor, if own { Action::Post } else { Action::Arrange }, channel.id).await?;
    let (ctx, db, by) = (ctx.clone(), ctx.db.clone(), actor.account);
    let done: Changed = db
        .write(async move |tx| {
            let facts = match writable(tx, id, channel.id).await? {
                Ok(facts) => facts,
                Err(problem) => return Ok(Err(problem)),
            };
            let now = ctx.now();
            let kept = ends::kept(facts.posted_at, facts.channel_retention, now);
            let ends = match ends::expiry(&facts.marking, now, days, kept) {
                Ok(ends) => ends,
                Err(problem) => return Ok(Err(problem)),
            };
            if !own && !ends::is_sooner(ends, facts.expires_at) {
                return Ok(Err(Problem::forbidden_for("expiry_lengthened_by_source")));
            }
            if ends == facts.expires_at {
                return Ok(Ok(None));
            }
            let seq = change::note(tx, &facts, Kind::Mark).await?;
            messages::set_expiry(tx, facts.n, ends, seq).await?;
            note(tx, &ctx, &facts, "message.set_expiry", Some(by)).await?;
            tell(tx, &ctx, id).await
        })
        .await;
    done?.map(drop)
}

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
    let due = messages::expired(&mut ctx.db.read().await?, ctx.now()).await?;
    for id in due {
        expire_one(ctx, id).await?;
    }
    Ok(())
}

/// Also in an archived channel: what should be gone goes.
async fn expire_one(ctx: &Ctx, id: Uuid) -> db::Result<()> {
    let Some(facts) = messages::facts(&mut ctx.db.read().await?, id).await? else { return Ok(()) };
    let Some(channel) = ctx.standing.channel(facts.channel).await? else { return Ok(()) };
    let (inner, db) = (ctx.clone(), ctx.db.clone());
    db.write(async move |tx| {
        let (facts, now) = (messages::facts(tx, id).await?, inner.now());
        // Moved, deleted or given another end meanwhile.
        let Some(facts) = facts.filter(|facts| facts.channel == channel.id && facts.deleted_at.is_none()) else { return Ok(()) };
        if !messages::expired(tx, now).await?.contains(&id) {
            return Ok(());
        }
        erase(tx, &channel, &facts, now, None).await?;
        let (target, detail) = (format!("message:{id}"), format!("channel:{}", channel.id));
        audit::record(tx, Act { at: now, actor: None, what: "message.expire", target, detail }).await?;
        tell(tx, &inner, id).await?.ok();
        titles::erase_bare(tx, &inner, facts.topic).await
    })
    .await
}
