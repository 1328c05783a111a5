//! The ways back in for somebody who has lost their password or their second factor. Both go through colleagues who know
//! the person: there is no mail, and none would do, because whoever reads somebody's mail would be somebody.

mod http;
mod store;

pub(super) use http::router;

use uuid::Uuid;

use super::notices::{self, Kind};
use super::{factors, sessions};
use crate::audit::{self, Act};
use crate::base::clock::DAY;
use crate::base::db::{Conn, Result, Tx};
use crate::context::Ctx;

/// How long a link to a new password is good.
const RESET_GOOD_FOR: i64 = DAY;
/// How long the second factor of somebody who holds powers stays after two people have agreed to remove it, so that its
/// owner can call that off.
const HOLD: i64 = DAY;

/// Takes the second factor away if two people have agreed to that, nobody has called it off, and it is time.
pub(super) async fn remove_if_due(ctx: &Ctx, account: Uuid) -> Result<()> {
    let due = store::open(&mut ctx.db.read().await?, account).await?;
    if due.is_none_or(|row| row.due_at.is_none_or(|due_at| due_at > ctx.now())) {
        return Ok(());
    }
    let inner = ctx.clone();
    ctx.db
        .write(async move |tx| {
            let now = inner.now();
            let Some(row) = store::open(tx, account).await? else { return Ok(()) };
            if row.due_at.is_none_or(|due_at| due_at > now) || !store::end(tx, row.id, now).await? {
                return Ok(());
            }
            take_factors(tx, &inner, account).await?;
            let (target, detail) = (format!("account:{account}"), format!("removal:{}", row.id));
            audit::record(tx, Act { at: now, actor: row.agreed_by, what: "factor.take_away", target, detail }).await
        })
        .await
}

/// Takes every factor from an account, ends its sessions and tells its person.
pub(super) async fn take_factors(tx: &mut Tx, ctx: &Ctx, account: Uuid) -> Result<()> {
    factors::take_all(tx, account).await?;
    sessions::weaken(tx, account).await?;
    sessions::end_sessions(tx, ctx, account, None).await?;
    notices::tell(tx, ctx, account, Kind::FactorsRemoved, "", None).await
}

/// Lets no link to a new password of this account be good any more.
pub(super) async fn forget_links(tx: &mut Tx, ctx: &Ctx, account: Uuid) -> Result<()> {
    store::end_resets(tx, account, ctx.now()).await
}

/// When somebody asked to take an account's second factor away, and when that holds (microseconds).
pub(super) async fn open_removal(conn: &mut Conn, account: Uuid) -> Result<Option<(i64, Option<i64>)>> {
    Ok(store::open(conn, account).await?.map(|row| (row.asked_at, row.due_at)))
}
