//! What happens to a post that nobody decides about: others are called, and then it is erased.

use std::time::Duration;

use super::model::State;
use super::review::bereft;
use super::{count, notice, store};
use crate::base::db;
use crate::context::Ctx;
use crate::files;

/// How often it is looked for what has waited too long.
const SWEEP_EVERY: Duration = Duration::from_secs(5);

/// Calls the region's moderators to what has waited past its deadline and erases what has been kept long enough, for as long
/// as the server runs.
pub async fn sweep(ctx: Ctx) {
    loop {
        if let Err(error) = sweep_once(&ctx).await {
            tracing::warn!(%error, "what waits for moderators could not be looked through");
        }
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

async fn sweep_once(ctx: &Ctx) -> db::Result<()> {
    let now = ctx.now();
    for id in bereft(ctx).await? {
        let erased: db::Result<()> = ctx.db.write(async move |tx| files::erase_of(tx, files::HELD, id, now).await).await;
        erased?;
    }
    if !store::is_due(&mut ctx.db.read().await?, now).await? {
        return Ok(());
    }
    let inner = ctx.clone();
    ctx.db
        .write(async move |tx| {
            for (id, channel, author, state) in store::expire(tx, now).await? {
                if State::of(&state) == State::Expired {
                    count(tx, now, State::Expired.as_str()).await?;
                    notice::queue_changed(tx, &inner, channel);
                }
                notice::held_changed(tx, &inner, author, id, channel, State::of(&state));
            }
            for (_, channel, _) in store::escalate(tx, now).await? {
                count(tx, now, "escalated").await?;
                notice::queue_changed(tx, &inner, channel);
            }
            Ok(())
        })
        .await
}
