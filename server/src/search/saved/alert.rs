//! The alerts: each minute it is looked what is new, and somebody is told that there is something. Never what it says.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use super::super::lexicon::Shelf;
use super::super::query::Query;
use super::super::store as index;
use super::look::any_since;
use super::store::{self, Row};
use crate::base::clock::MINUTE;
use crate::base::db::{AfterCommit, Result, Tx};
use crate::context::Ctx;
use crate::glossary::Glossary;
use crate::identity::Caller;
use crate::realtime::frame;

/// How often it is looked whether a minute has passed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Searches looked for in one minute at most; the others have waited longest in the next.
const AT_ONCE: i64 = 200;

/// Looks for what is new, for as long as the server runs.
pub async fn alert(ctx: Ctx, glossary: Glossary) {
    let lexicon = Shelf::new(glossary);
    let mut looked_at = ctx.now();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if ctx.now() - looked_at < MINUTE {
            continue;
        }
        looked_at = ctx.now();
        if let Err(error) = look(&ctx, &lexicon).await {
            tracing::warn!(%error, "it could not be looked what saved searches find");
        }
    }
}

async fn look(ctx: &Ctx, lexicon: &Shelf) -> Result<()> {
    super::super::catch_up(&ctx.db).await?;
    let newest = index::span(&mut ctx.db.read().await?).await?.reach;
    let due = store::due(&mut ctx.db.read().await?, newest, AT_ONCE).await?;
    let (mut looked, mut ended) = (Vec::new(), HashSet::new());
    for row in due {
        match found(ctx, &row, lexicon).await? {
            Some(found) => looked.push((row, found)),
            None => {
                ended.insert(row.account);
            }
        }
    }
    if looked.is_empty() && ended.is_empty() {
        return Ok(());
    }
    let (inner, db) = (ctx.clone(), ctx.db.clone());
    db.write(async move |tx| note(tx, &inner, &looked, &ended, newest).await).await
}

/// Whether there is something new for whose search it is; `None` if they are let in no longer. What they may open, they may
/// open without their powers: those may sleep when they come, and who uses one is recorded.
async fn found(ctx: &Ctx, row: &Row, lexicon: &Shelf) -> Result<Option<bool>> {
    let actor = ctx.standing.actor(row.account).await?.filter(|actor| actor.is_confirmed());
    let Some(actor) = actor else { return Ok(None) };
    let actor = Caller::by_socket(actor, Uuid::nil()).actor;
    // What was understood when it was saved may be understood no longer.
    let Ok(query) = Query::parse(&row.query) else { return Ok(Some(false)) };
    any_since(ctx, &actor, &query, lexicon, row.seen).await.map(Some)
}

/// Notes how far it was looked, and tells of what was found; who hasn't looked since they were told is not told again.
async fn note(tx: &mut Tx, ctx: &Ctx, looked: &[(Row, bool)], ended: &HashSet<Uuid>, newest: i64) -> Result<()> {
    for (row, found) in looked {
        let name = store::looked(tx, row, newest, ctx.now(), *found).await?;
        if let Some(name) = name.filter(|_| *found && row.found_at.is_none()) {
            let (hub, account) = (ctx.hub.clone(), row.account);
            let notice = json!({"type": "notice", "code": "saved_search", "id": row.id, "name": name});
            tx.after_commit(move || hub.tell(account, &frame::text(&notice), None));
        }
    }
    for account in ended {
        store::end(tx, *account).await?;
    }
    Ok(())
}
