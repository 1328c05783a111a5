//! What a campaign's parent learns from it.

use uuid::Uuid;

use super::whole::Whole;
use crate::base::db::{Result, Tx};
use crate::context::Ctx;

/// Lets the practice that a campaign adapts know what came of it.
pub(super) async fn learns(_tx: &mut Tx, _ctx: &Ctx, _whole: &Whole, _by: Uuid) -> Result<()> {
    Ok(())
}
