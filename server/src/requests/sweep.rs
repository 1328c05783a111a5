//! What happens with time: nobody has answered, an exercise is over, or a request has been closed for long.

use std::time::Duration;

use uuid::Uuid;

use super::store::{self, Step};
use super::{acts, notice};
use crate::access::RequestState;
use crate::base::clock::DAY;
use crate::base::db::{Result, Tx};
use crate::context::Ctx;
use crate::exercises;

/// How often it is looked for what is due or over: a step in an index each.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Requests that are looked at in one transaction.
const AT_ONCE: i64 = 50;

/// Tells of what nobody has answered, and erases what is over, for as long as the server runs.
pub async fn sweep(ctx: Ctx) {
    loop {
        if let Err(error) = escalate(&ctx).await {
            tracing::warn!(%error, "requests that are due could not be looked through");
        }
        if let Err(error) = wipe(&ctx).await {
            tracing::warn!(%error, "requests of exercises that are over could not be erased");
        }
        if let Err(error) = forget(&ctx).await {
            tracing::warn!(%error, "requests whose time is over could not be erased");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn escalate(ctx: &Ctx) -> Result<()> {
    let due = store::due(&mut ctx.db.read().await?, ctx.now(), AT_ONCE).await?;
    for id in due {
        let (inner, db) = (ctx.clone(), ctx.db.clone());
        let done: Result<()> = db.write(async move |tx| step_up(tx, &inner, id).await).await;
        done?;
    }
    Ok(())
}

/// First those who answer for the asked organisation and those who ask are told; then, if still nobody has answered, everybody who
/// speaks for the asked organisation. Nobody outside the two learns of it.
async fn step_up(tx: &mut Tx, ctx: &Ctx, id: Uuid) -> Result<()> {
    let now = ctx.now();
    let Some(mut row) = store::one(tx, id).await? else { return Ok(()) };
    if row.escalate_at.is_none_or(|at| at > now) {
        return Ok(());
    }
    let waits = matches!(row.state(), RequestState::Sent | RequestState::Acknowledged);
    row.escalation = if waits { row.escalation + 1 } else { row.escalation };
    row.escalate_at = if waits { acts::next_look(&row) } else { None };
    let what = if row.escalation == 1 { "overdue" } else { "overdue_house" };
    if !store::save(tx, &row).await? || !waits {
        return Ok(());
    }
    store::add_step(tx, id, &Step { at: now, by: None, what: what.into(), words: None }).await?;
    notice::changed(tx, ctx, &row, "overdue", None);
    if row.escalation > 1 && row.exercise.is_none() {
        notice::house(tx, ctx, row.asked);
    }
    Ok(())
}

/// Erases what belonged to exercises that are over.
async fn wipe(ctx: &Ctx) -> Result<()> {
    let over = exercises::over(&mut ctx.db.read().await?).await?;
    for exercise in over {
        loop {
            let ids = store::of_exercise(&mut ctx.db.read().await?, exercise, AT_ONCE).await?;
            if ids.is_empty() {
                break;
            }
            erase(ctx, ids).await?;
        }
    }
    Ok(())
}

/// Erases what has been closed for as long as it is kept. What an older backup brings back, goes again at once.
async fn forget(ctx: &Ctx) -> Result<()> {
    let until = ctx.now() - i64::from(ctx.limits.request_days) * DAY;
    let ids = store::past(&mut ctx.db.read().await?, until, AT_ONCE).await?;
    if ids.is_empty() { Ok(()) } else { erase(ctx, ids).await }
}

async fn erase(ctx: &Ctx, ids: Vec<Uuid>) -> Result<()> {
    let inner = ctx.clone();
    let erased: Result<()> = ctx
        .db
        .write(async move |tx| {
            for id in &ids {
                // Who has it before them sees that it is gone.
                if let Some(row) = store::one(tx, *id).await? {
                    notice::changed(tx, &inner, &row, "gone", None);
                }
                store::erase(tx, *id).await?;
            }
            Ok(())
        })
        .await;
    erased
}
