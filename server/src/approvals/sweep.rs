//! What has ended is forgotten.

use std::time::Duration;

use super::model::SHOWN_FOR;
use super::store;
use crate::base::db;
use crate::context::Ctx;

/// How often it is looked for what has ended long ago: one step in an index.
const SWEEP_EVERY: Duration = Duration::from_secs(30);

/// Erases what has ended, for as long as the server runs.
pub async fn sweep(ctx: Ctx) {
    loop {
        if let Err(error) = sweep_once(&ctx).await {
            tracing::warn!(%error, "what takes two could not be looked through");
        }
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

async fn sweep_once(ctx: &Ctx) -> db::Result<()> {
    let since = ctx.now() - SHOWN_FOR;
    if !store::has_ended(&mut ctx.db.read().await?, since).await? {
        return Ok(());
    }
    ctx.db.write(async move |tx| store::forget(tx, since).await).await
}
