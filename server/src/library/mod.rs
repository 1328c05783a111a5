//! The library of good practices: written from a template, screened, reviewed by two, put on a ladder of evidence, adapted
//! elsewhere.
//!
//! Others call: [`router`] to serve, over a [`Shelf`]; [`stock`] for the search, [`feed`] for the newsletter, [`holder`] for
//! files; [`named`] and [`note_result`] for a campaign that adapts a practice; [`for_home`] for what waits for somebody;
//! [`import`] for a bulk load.

mod acts;
mod beside;
mod finder;
mod home;
mod http;
mod import;
mod ladder;
mod model;
mod notice;
mod shelf;
mod states;
mod store;
mod views;

pub use beside::{feed, holder, stock};
pub use home::{LibraryHome, for_home};
pub use http::router;
pub use import::{ImportedPractice, ImportedReview, ImportedTranslation, ImportedUse, Texts, import};
pub use shelf::Shelf;

use uuid::Uuid;

use crate::access::{Actor, ItemAction};
use crate::base::db::{Result, Tx};
use crate::context::Ctx;

/// A practice as a campaign names it.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its id.
    pub id: Uuid,
    /// What it is called, in its own language.
    pub title: String,
}

/// Those of these practices that this person may read, in no order.
pub async fn named(ctx: &Ctx, shelf: &Shelf, actor: &Actor, ids: &[Uuid]) -> Result<Vec<Named>> {
    let entries = shelf.entries(ctx).await?;
    let readable = ids.iter().filter_map(|id| entries.get(id)).filter(|entry| entry.may(actor, ItemAction::Read));
    let ids: Vec<Uuid> = readable.map(|entry| entry.id).collect();
    let rows = store::listed(&mut ctx.db.read().await?, &ids).await?;
    Ok(rows.into_iter().map(|row| Named { id: row.id, title: row.title }).collect())
}

/// What came of a campaign that has adapted a practice.
#[derive(Clone, Debug)]
pub struct CampaignResult<'a> {
    /// The practice.
    pub practice: Uuid,
    /// The campaign.
    pub campaign: Uuid,
    /// What the campaign is called.
    pub title: &'a str,
    /// What came of it, in its own words, as the guard has let them through.
    pub result: &'a str,
    /// The campaign's marking.
    pub marking: &'a str,
    /// The campaign's organisation.
    pub organisation: Option<Uuid>,
    /// Who tells it.
    pub by: Uuid,
}

/// Lets the results of a campaign flow back to the practice that it has adapted, in place of what it told before. Its author is
/// told, and an editor may raise its level on it. Nothing happens if there is no such practice.
pub async fn note_result(tx: &mut Tx, ctx: &Ctx, shelf: &Shelf, told: &CampaignResult<'_>) -> Result<()> {
    let Some(row) = store::one(tx, told.practice).await? else { return Ok(()) };
    let result = store::NewResult {
        practice: told.practice,
        campaign: told.campaign,
        title: told.title,
        result: told.result,
        marking: told.marking,
        organisation: told.organisation,
        by: told.by,
        at: ctx.now(),
    };
    store::put_result(tx, &result).await?;
    shelf.changes(tx, told.practice);
    notice::tell(tx, ctx, row.author, "state", told.practice);
    Ok(())
}
