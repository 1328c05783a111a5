//! Requests that are sent again because their answer was lost: with an `Idempotency-Key` they are answered once more and
//! not carried out once more.
//!
//! Others call: [`Desk`] and [`replay`] to put the layer around the routes, [`sweep`] to forget what is a day old, and
//! [`forget`] for what is erased.
//!
//! A key is remembered with its answer once the request is done; until then, in memory. A server that is killed between
//! the act and its answer doesn't know the key afterwards: the request is then carried out again.

mod http;
mod model;
mod store;

pub use http::{Desk, replay};

use std::time::Duration;

use uuid::Uuid;

use crate::base::clock::HOUR;
use crate::base::db::{self, Tx};
use crate::context::Ctx;

/// An answer is kept for this long.
const KEPT_FOR: i64 = 24 * HOUR;
/// How often answers are looked for that are older.
const SWEEP_EVERY: Duration = Duration::from_mins(10);

/// Forgets old answers, for as long as the server runs.
pub async fn sweep(ctx: Ctx) {
    loop {
        let before = ctx.now() - KEPT_FOR;
        let swept: db::Result<()> = ctx.db.write(async move |tx| store::forget(tx, before).await).await;
        if let Err(error) = swept {
            tracing::warn!(%error, "old answers could not be forgotten");
        }
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

/// Forgets the answers that name this id, with whatever they tell of it: it is being erased.
pub async fn forget(tx: &mut Tx, id: Uuid) -> db::Result<()> {
    store::forget_naming(tx, id).await
}
