//! This week in the region: what waits for somebody, what runs, what comes, and which theme goes quiet.
//!
//! Others call: [`router`] to serve and [`keep_up`] beside it.

mod http;
mod model;
mod store;

pub use http::router;

use std::time::Duration;

use crate::base::db::{Db, Result};
use crate::context::Ctx;

/// How often what was said is counted.
const COUNT_EVERY: Duration = Duration::from_mins(1);
/// Messages counted in one transaction: a millisecond or two.
const AT_ONCE: i64 = 2_000;

/// Counts what is said, for as long as the server runs.
pub async fn keep_up(ctx: Ctx) {
    loop {
        if let Err(error) = follow(&ctx.db).await {
            tracing::warn!(%error, "it could not be counted how much is said");
        }
        tokio::time::sleep(COUNT_EVERY).await;
    }
}

/// Counts what was said since, so much at a time that posts pass between.
async fn follow(db: &Db) -> Result<()> {
    while store::is_behind(&mut db.read().await?).await? {
        db.write(async move |tx| store::count_next(tx, AT_ONCE).await).await?;
    }
    Ok(())
}
