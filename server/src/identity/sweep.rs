//! Ending what has come to its end without anybody here asking for it: sessions by time, and whatever another process,
//! such as `egida account suspend`, has ended in storage. Sockets close within a second of it.

use std::time::Duration;

use super::sessions::{IDLE, IDLE_WITH_POWERS, act, end_sockets, still_good};
use super::store;
use crate::audit::{self, Act};
use crate::base::db;
use crate::context::Ctx;
use crate::realtime::Whose;

/// How often is looked whether there is anything to do. Nearly always there isn't: one number is asked of the engine.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Within this long a running server has followed what another process has ended (safety controls, 3).
pub const FOLLOWED_WITHIN: Duration = Duration::from_secs(1);

/// Ends what has ended, for as long as the server runs.
pub async fn sweep(ctx: Ctx) {
    let mut others = None;
    let mut next = Next { looked_at: i64::MAX, due: 0 };
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if let Err(error) = follow_others(&ctx, &mut others).await {
            tracing::warn!(%error, "what another process has ended could not be looked for");
        }
        if let Err(error) = end_stale(&ctx, &mut next).await {
            tracing::warn!(%error, "ended sessions could not be swept");
        }
    }
}

/// When another process has written: forgets what is kept in memory, and ends the sockets of those who may no longer be
/// here. `seen` is the number that tells.
async fn follow_others(ctx: &Ctx, seen: &mut Option<i64>) -> db::Result<()> {
    let now = Some(ctx.db.commits_of_others().await?);
    if *seen == now {
        return Ok(());
    }
    ctx.standing.forget_all();
    // Asked first: who comes in later has a session that the answers of storage below may not know yet.
    let entrants = ctx.hub.entrants();
    let mut conn = ctx.db.read().await?;
    let (suspended, credentials) = (store::suspended(&mut conn).await?, store::credentials(&mut conn).await?);
    for (account, credential) in entrants {
        if suspended.contains(&account) {
            ctx.hub.end(Whose::Account(account), 4403, "suspended");
        } else if !credentials.contains(&credential) {
            ctx.hub.end(Whose::Credential(credential), 4401, "signed_out");
        }
    }
    *seen = now;
    Ok(())
}

/// When there may be a session to end (microseconds), and when that was found out.
struct Next {
    looked_at: i64,
    due: i64,
}

/// Ends the sessions that have expired or idled out. Storage is asked only once the first of them may have: a session
/// that begins or is used later ends later than that.
async fn end_stale(ctx: &Ctx, next: &mut Next) -> db::Result<()> {
    let now = ctx.now();
    // A clock that was put back makes everything due later than we think.
    if now < next.due && now >= next.looked_at {
        return Ok(());
    }
    let inner = ctx.clone();
    let first: db::Result<Option<i64>> = ctx
        .db
        .write(async move |tx| {
            let ended = store::delete_stale_sessions(tx, &still_good(now)).await?;
            for (_, account) in &ended {
                audit::record(tx, Act { actor: None, ..act(&inner, *account, "session.expire") }).await?;
            }
            end_sockets(tx, &inner, ended.into_iter().map(|(session, _)| session).collect());
            store::first_stale(tx, IDLE, IDLE_WITH_POWERS).await
        })
        .await;
    // Whoever is given a power meanwhile idles sooner than we think: looked at again within the shorter time.
    *next = Next { looked_at: now, due: first?.unwrap_or(i64::MAX).min(now + IDLE_WITH_POWERS) };
    Ok(())
}
