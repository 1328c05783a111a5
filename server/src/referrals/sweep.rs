//! What the clocks do by themselves: a child that has not arrived, what nobody answers, what is over and kept no longer, and
//! exercises that have ended.

use std::time::Duration;

use uuid::Uuid;

use super::drafts::act;
use super::model::{KEPT_FOR, UNANSWERED, expires};
use super::{notice, people, store};
use crate::audit;
use crate::base::clock::DAY;
use crate::base::db::{Result, Tx};
use crate::context::Ctx;
use crate::{cases, exercises, keys};

/// How often it is looked whether something is due: three questions that an index answers.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// What has not changed for so long is nobody's work any more, whatever its state says (microseconds).
const FORGOTTEN_AFTER: i64 = 400 * DAY;

/// Keeps the clocks of referrals for as long as the server runs.
pub async fn sweep(ctx: Ctx) {
    loop {
        if let Err(error) = look(&ctx).await {
            tracing::warn!(%error, "the clocks of referrals could not be kept");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn look(ctx: &Ctx) -> Result<()> {
    let over = exercises::over(&mut ctx.db.read().await?).await?;
    for exercise in over {
        let ids = store::of_exercise(&mut ctx.db.read().await?, exercise).await?;
        each(ctx, ids, Work::Erase).await?;
    }
    let now = ctx.now();
    let late = store::late(&mut ctx.db.read().await?, now).await?;
    each(ctx, late, Work::Alarm).await?;
    let waiting = store::waiting_since(&mut ctx.db.read().await?, now - UNANSWERED).await?;
    each(ctx, waiting, Work::Expire).await?;
    let old = store::old(&mut ctx.db.read().await?, now - KEPT_FOR, now - FORGOTTEN_AFTER).await?;
    each(ctx, old, Work::Erase).await
}

#[derive(Clone, Copy)]
enum Work {
    Alarm,
    Expire,
    Erase,
}

async fn each(ctx: &Ctx, ids: Vec<Uuid>, work: Work) -> Result<()> {
    for id in ids {
        let inner = ctx.clone();
        let done: Result<()> = ctx
            .db
            .write(async move |tx| match work {
                Work::Alarm => alarm(tx, &inner, id).await,
                Work::Expire => expire(tx, &inner, id).await,
                Work::Erase => erase(tx, &inner, id).await,
            })
            .await;
        done?;
    }
    Ok(())
}

/// A child has not arrived in time: both sides are told, and the list of what is done then stands open.
async fn alarm(tx: &mut Tx, ctx: &Ctx, id: Uuid) -> Result<()> {
    let Some(row) = store::one(tx, id).await? else { return Ok(()) };
    if store::set_alarm(tx, id, ctx.now()).await? {
        cases::note_referral(tx, ctx, row.case_id, None, "alarm", &row.reference).await?;
        store::say(tx, id, "alarm", None, ctx.now(), None).await?;
        audit::record(tx, act(ctx, None, "referral.alarm", id, String::new())).await?;
        notice::tell(tx, ctx, id, "late").await?;
    }
    Ok(())
}

async fn expire(tx: &mut Tx, ctx: &Ctx, id: Uuid) -> Result<()> {
    let Some(row) = store::one(tx, id).await? else { return Ok(()) };
    let (from, at) = (row.state(), ctx.now());
    let Some(to) = expires(from, row.changed_at, at) else { return Ok(()) };
    if store::set_state(tx, id, (from, to), at, None).await? {
        store::say(tx, id, "expire", None, at, None).await?;
        cases::note_referral(tx, ctx, row.case_id, None, "expire", &row.reference).await?;
        notice::tell(tx, ctx, id, "expired").await?;
        people::close_to_receiver(tx, id).await?;
        audit::record(tx, act(ctx, None, "referral.expire", id, format!("from={}", from.as_str()))).await?;
    }
    Ok(())
}

/// Erases a referral for good: its keys first, so that no copy of what was sealed opens.
async fn erase(tx: &mut Tx, ctx: &Ctx, id: Uuid) -> Result<()> {
    notice::tell(tx, ctx, id, "changed").await?;
    keys::destroy(tx, id).await?;
    store::erase(tx, id).await?;
    audit::record(tx, act(ctx, None, "referral.erase", id, String::new())).await
}
