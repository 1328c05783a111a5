//! The end of an exercise: by hand or by its date its rooms are shut, then everything in them is erased and they are gone. What is
//! under way is in storage: a server that was killed goes on where it stood.

use std::time::Duration;

use uuid::Uuid;

use super::store;
use crate::audit::{self, Act};
use crate::base::db::{Result, Tx};
use crate::channels;
use crate::context::Ctx;
use crate::messages;

/// How often is looked for what is over.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Ends exercises whose time is over, and wipes those that have ended, for as long as the server runs.
pub async fn end_and_wipe(ctx: Ctx) {
    loop {
        if let Err(error) = look(&ctx).await {
            tracing::warn!(%error, "exercises that are over could not be wiped");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn look(ctx: &Ctx) -> Result<()> {
    let due = store::due(&mut ctx.db.read().await?, ctx.now()).await?;
    for id in due {
        let inner = ctx.clone();
        let ended: Result<bool> = ctx.db.write(async move |tx| end(tx, &inner, id, None).await).await;
        ended?;
    }
    let ending = store::ending(&mut ctx.db.read().await?).await?;
    for id in ending {
        wipe(ctx, id).await?;
    }
    Ok(())
}

/// Shuts the rooms of an exercise: nothing is said in them from now on. `false` if it was over before.
pub(super) async fn end(tx: &mut Tx, ctx: &Ctx, id: Uuid, by: Option<Uuid>) -> Result<bool> {
    let at = ctx.now();
    if !store::end(tx, id, by, at).await? {
        return Ok(false);
    }
    for channel in store::channels(tx, id).await? {
        channels::shut(tx, ctx, channel).await?;
    }
    audit::record(tx, act(id, by, "exercise.end", at)).await?;
    Ok(true)
}

async fn wipe(ctx: &Ctx, id: Uuid) -> Result<()> {
    let rooms = store::channels(&mut ctx.db.read().await?, id).await?;
    for room in rooms {
        messages::wipe(ctx, room).await?;
        let inner = ctx.clone();
        let gone: Result<()> = ctx.db.write(async move |tx| channels::remove(tx, &inner, room).await).await;
        gone?;
    }
    let at = ctx.now();
    ctx.db
        .write(async move |tx| {
            store::wiped(tx, id, at).await?;
            audit::record(tx, act(id, None, "exercise.wipe", at)).await
        })
        .await
}

pub(super) fn act(id: Uuid, by: Option<Uuid>, what: &'static str, at: i64) -> Act<'static> {
    Act { at, actor: by, what, target: format!("exercise:{id}"), detail: String::new() }
}
