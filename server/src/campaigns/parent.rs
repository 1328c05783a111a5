//! The practice that a campaign adapts: what it is called, and what it learns from the campaign.

use uuid::Uuid;

use super::whole::Whole;
use crate::base::db::{Result, Tx};
use crate::context::Ctx;
use crate::library::{self, CampaignResult, Shelf};

/// Lets the practice that a campaign adapts know what came of it.
pub(super) async fn learns(tx: &mut Tx, ctx: &Ctx, practices: &Shelf, whole: &Whole, by: Uuid) -> Result<()> {
    let (Some(practice), Some(result)) = (whole.facts.practice, &whole.detail.results) else { return Ok(()) };
    let told = CampaignResult {
        practice,
        campaign: whole.head.id,
        title: &whole.facts.title,
        result,
        marking: &whole.head.marking,
        organisation: whole.head.organisation,
        by,
    };
    library::note_result(tx, ctx, practices, &told).await
}
