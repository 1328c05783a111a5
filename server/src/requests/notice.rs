//! Who is told live that something about a request is new. Never what it says, and nobody who may not know of it.

use serde_json::{Value, json};
use uuid::Uuid;

use super::store::Row;
use super::{people, store};
use crate::access::RequestSide;
use crate::base::db::{AfterCommit, Result, Tx};
use crate::context::Ctx;
use crate::realtime::frame;

/// Tells those who may read a request, once the transaction holds, but not who has done it.
pub(super) fn changed(tx: &mut Tx, ctx: &Ctx, row: &Row, what: &'static str, by: Option<Uuid>) {
    let (ctx, row) = (ctx.clone(), row.clone());
    tx.after_commit(move || {
        tokio::spawn(async move {
            if let Err(error) = tell(&ctx, &row, what, by).await {
                tracing::warn!(%error, "nobody was told of a request");
            }
        });
    });
}

/// Tells everybody who speaks for the asked organisation that one of its requests waits for too long: not which.
pub(super) fn house(tx: &mut Tx, ctx: &Ctx, asked: Uuid) {
    let ctx = ctx.clone();
    tx.after_commit(move || {
        tokio::spawn(async move {
            if let Err(error) = tell_house(&ctx, asked).await {
                tracing::warn!(%error, "an organisation was not told that a request waits");
            }
        });
    });
}

/// A page that shows it reloads. `waits`: it is this person's turn.
fn notice(id: Option<Uuid>, what: &str, waits: bool) -> Value {
    json!({"type": "notice", "code": "requests", "id": id, "about": if waits { "waits" } else { what }})
}

/// Whether after this step the request waits for this side.
fn waits(what: &str, side: RequestSide) -> bool {
    match what {
        "sent" | "explained" | "handed_over" => side == RequestSide::Asked,
        "question" | "answered" | "to_screen" | "screened" | "returned" => side == RequestSide::Asker,
        "overdue" => true,
        _ => false,
    }
}

async fn tell(ctx: &Ctx, row: &Row, what: &str, by: Option<Uuid>) -> Result<()> {
    let readers = people::readers(&mut ctx.db.read().await?, ctx, row).await?;
    for (account, side) in readers.into_iter().filter(|(account, _)| Some(*account) != by) {
        ctx.hub.tell(account, &frame::text(&notice(Some(row.id), what, waits(what, side))), None);
    }
    Ok(())
}

async fn tell_house(ctx: &Ctx, asked: Uuid) -> Result<()> {
    let staff = people::colleagues(&mut ctx.db.read().await?, ctx, asked, Uuid::nil()).await?;
    let focal = store::focal_points(&mut ctx.db.read().await?, asked).await?;
    for account in staff.into_iter().filter(|account| !focal.contains(account)) {
        ctx.hub.tell(account, &frame::text(&notice(None, "house", false)), None);
    }
    Ok(())
}
