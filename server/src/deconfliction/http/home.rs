//! What a person must know of cards and comparisons this week: that something waits, and neither what nor how much.

use serde::Serialize;
use utoipa::ToSchema;

use super::{matching, overlaps};
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::identity::Caller;

/// Whether something waits for somebody. Who doesn't hear of it gets the same answer whether it does or not.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct CardsAtHome {
    /// A card of theirs may be about the same as another, and their side has made nothing of it yet.
    overlap: bool,
    /// They are asked to compare values, and nobody of their side has approved it yet.
    matching: bool,
}

/// Whether an overlap or a comparison waits for this person.
pub async fn for_home(ctx: &Ctx, caller: &Caller) -> Result<CardsAtHome, Problem> {
    let mut conn = ctx.db.read().await?;
    Ok(CardsAtHome { overlap: overlaps::waits(&mut conn, caller).await?, matching: matching::waits(&mut conn, caller).await? })
}
