//! What clocks do to rooms: mandates run out, what the escrow was asked for lapses, closed rooms are erased when their time is over,
//! rooms of exercises with them, and what a restored backup has brought back is erased again.

use std::time::Duration;

use uuid::Uuid;

use super::acts::{self, act};
use super::sealing::{self, Event};
use super::store::{self, members, proposals};
use super::words::{Proposed, Standing};
use super::{escrow, notice};
use crate::audit;
use crate::base::db::{Result, Tx};
use crate::context::Ctx;
use crate::exercises;
use crate::keys;

/// How often it is looked for what is due.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Does what is due, for as long as the server runs.
pub async fn sweep(ctx: Ctx) {
    loop {
        if let Err(error) = look(&ctx).await {
            tracing::warn!(%error, "case rooms could not be looked after");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Does what is due before anybody is let in: a backup may have brought back what was erased.
pub async fn settle(ctx: &Ctx) -> Result<()> {
    look(ctx).await
}

async fn look(ctx: &Ctx) -> Result<()> {
    let mut conn = ctx.db.read().await?;
    let run_out = members::run_out(&mut conn, ctx.now()).await?;
    let mut lapsed = keys::escrow::waiting(&mut conn).await?;
    lapsed.retain(|request| request.has_lapsed(ctx.now()));
    let mut gone: Vec<(Uuid, &'static str)> = Vec::new();
    gone.extend(store::erased(&mut conn).await?.into_iter().map(|id| (id, "restored")));
    gone.extend(store::past(&mut conn, ctx.now()).await?.into_iter().map(|id| (id, "retention")));
    let made_up = store::of_exercises(&mut conn).await?;
    if !made_up.is_empty() {
        let over = exercises::over(&mut conn).await?;
        gone.extend(made_up.into_iter().filter(|(_, exercise)| over.contains(exercise)).map(|(id, _)| (id, "exercise")));
    }
    drop(conn);
    for (room, account) in run_out {
        let inner = ctx.clone();
        let done: Result<()> = ctx.db.write(async move |tx| expire(tx, &inner, room, account).await).await;
        done?;
    }
    for request in lapsed {
        let inner = ctx.clone();
        let done: Result<()> = ctx.db.write(async move |tx| escrow::lapse(tx, &inner, request.id).await).await;
        done?;
    }
    for (id, why) in gone {
        let inner = ctx.clone();
        let done: Result<()> = ctx
            .db
            .write(async move |tx| match store::room(tx, id).await? {
                Some(room) => acts::erase(tx, &inner, &room, None, why).await,
                None => Ok(()),
            })
            .await;
        done?;
    }
    Ok(())
}

/// Ends a mandate. The last member stays: a room that nobody can open could never be closed nor erased by anybody.
async fn expire(tx: &mut Tx, ctx: &Ctx, room: Uuid, account: Uuid) -> Result<()> {
    let (now, members) = (ctx.now(), members::of(tx, room).await?);
    let member = members.iter().find(|member| member.account == account && member.ended_at.is_none());
    let Some(member) = member.filter(|member| member.expires_at.is_some_and(|until| until <= now)) else { return Ok(()) };
    let others = members.iter().any(|other| other.is_active() && other.account != account);
    let Some(case) = store::room(tx, room).await?.filter(|_| others || !member.is_active()) else { return Ok(()) };
    members::end(tx, room, account, Standing::Expired, now).await?;
    for proposal in proposals::open(tx, room).await? {
        if proposal.kind() == Proposed::Admission && proposal.subject == Some(account) {
            proposals::end(tx, proposal.id, false, proposal.by, now).await?;
        }
    }
    keys::expire(tx, room, account).await?;
    let seq = sealing::note(tx, &case, ctx.id(), None, now, &Event::with("expired", account)).await?;
    notice::changed(tx, ctx, room, seq, &members);
    notice::tell(tx, ctx, room, seq, "gone", [account]);
    audit::record(tx, act(now, None, "case.expire", room, format!("account:{account}"))).await
}
