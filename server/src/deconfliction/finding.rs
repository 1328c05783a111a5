//! After a card is stored it is compared with those of others, and whom it concerns is told. A server that was killed in between
//! compares it when it is back: that a card waits for it is in storage.

use uuid::Uuid;

use super::deck::{Deck, likely};
use super::model::OVERLAPS_MAX;
use super::notice::{self, About};
use super::store;
use crate::base::db::{Result, Tx};
use crate::context::Ctx;

/// Compares a card as it is stored now, unless it was.
pub(super) async fn compare(ctx: &Ctx, deck: &Deck, id: Uuid) -> Result<()> {
    let Some(row) = store::card(&mut ctx.db.read().await?, id).await? else { return Ok(()) };
    if row.compared == row.revision {
        return Ok(());
    }
    let entries = deck.entries(ctx).await?;
    // Beside those who answer requests: with many cards it is milliseconds of work.
    let compared = entries.clone();
    let found = tokio::task::spawn_blocking(move || likely(&compared, id)).await.unwrap_or_default();
    let pairs: Vec<(Uuid, Uuid)> =
        found.into_iter().filter_map(|other| entries.get(&other).map(|entry| (other, entry.organisation))).collect();
    let (inner, own) = (ctx.clone(), (id, row.organisation));
    ctx.db
        .write(async move |tx| {
            // It may have gone meanwhile, or changed: then whoever changed it compares it again.
            match store::card(tx, id).await? {
                Some(now) if now.revision == row.revision => {}
                _ => return Ok(()),
            }
            let mut met = 0;
            for other in &pairs {
                if met == OVERLAPS_MAX {
                    break;
                }
                met += usize::from(meet(tx, &inner, own, *other).await?);
            }
            store::compared(tx, id, row.revision).await
        })
        .await
}

/// Stores that two cards may be about the same and tells the people of both. `false` if they aren't to be told.
async fn meet(tx: &mut Tx, ctx: &Ctx, own: (Uuid, Uuid), other: (Uuid, Uuid)) -> Result<bool> {
    let Some(other_row) = store::card(tx, other.0).await? else { return Ok(false) };
    let Some(own_row) = store::card(tx, own.0).await? else { return Ok(false) };
    let id = ctx.id();
    if !store::meet(tx, id, own, other, ctx.now()).await? {
        return Ok(false);
    }
    for row in [own_row, other_row] {
        let people = notice::people(tx, row.organisation, row.made_by, row.exercise).await?;
        notice::tell(tx, ctx, About::Overlap, id, people);
    }
    Ok(true)
}
