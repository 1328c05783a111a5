//! Who is let in for good: a second person confirms who a newcomer is, for a time, and an account ends with the
//! job.
//!
//! Others call: [`accredited_by_operator`] when an account is made on the machine itself, [`sweep`] for as long as the
//! server runs.

mod http;
mod model;
mod store;

pub use http::router;

use std::time::Duration;

use uuid::Uuid;

use crate::base::db::{Result, Tx};
use crate::context::Ctx;
use crate::realtime::Whose;

/// How often it is looked whose accreditation has run out: access is to end within a second (safety controls, 3).
const SWEEP_EVERY: Duration = Duration::from_millis(500);

/// Notes that the operator vouches for an account until then (microseconds).
pub async fn accredited_by_operator(tx: &mut Tx, ctx: &Ctx, account: Uuid, until: i64) -> Result<()> {
    let accreditation = model::Accreditation { by: None, how: model::How::Operator, note: None, until };
    store::insert_accreditation(tx, ctx.id(), account, ctx.now(), &accreditation).await
}

/// Ends the sockets of those whose accreditation runs out, at the time it does. They may come back and are told why.
pub async fn sweep(ctx: Ctx) {
    let mut since = ctx.now();
    loop {
        tokio::time::sleep(SWEEP_EVERY).await;
        let now = ctx.now();
        match expired(&ctx, since, now).await {
            Ok(accounts) => {
                for account in accounts {
                    ctx.hub.end(Whose::Account(account), 4403, "expired");
                }
                since = now;
            }
            Err(error) => tracing::warn!(%error, "it could not be looked whose accreditation has run out"),
        }
    }
}

async fn expired(ctx: &Ctx, since: i64, now: i64) -> Result<Vec<Uuid>> {
    store::expired_between(&mut ctx.db.read().await?, since, now).await
}
