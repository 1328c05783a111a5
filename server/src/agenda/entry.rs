//! An event as it comes into storage, changes and is cancelled: what is found follows in the same transaction.

use uuid::Uuid;

use super::model::Checked;
use super::store;
use crate::base::db::{Result, Tx};

/// Stores a new event.
pub(super) async fn create(tx: &mut Tx, id: Uuid, event: &Checked, author: Uuid, at: i64) -> Result<()> {
    store::insert(tx, id, event, author, at).await
}

/// Changes an event that stands at this revision. `false` if somebody was faster, or it is cancelled.
pub(super) async fn change(tx: &mut Tx, id: Uuid, event: &Checked, revision: i64, at: i64) -> Result<bool> {
    store::change(tx, id, event, revision, at).await
}

/// Cancels an event. `false` if it was before.
pub(super) async fn cancel(tx: &mut Tx, id: Uuid, by: Uuid, because: &str, at: i64) -> Result<bool> {
    store::cancel(tx, id, by, because, at).await
}
