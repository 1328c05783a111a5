//! All cards as they are compared and listed, kept in memory: sixty-odd bytes of bits each, so that a new one is compared with fifty
//! thousand in a few milliseconds. What a page shows is read from storage.
//!
//! Each question asks storage for the number of the last change first and reads what came after, so that no commit is missed: not
//! that of the sweep, nor that of another process.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::sync::Mutex;
use uuid::Uuid;

use super::facets::{CLOSED, Facets};
use super::locked;
use super::model::{Checked, Visibility};
use super::score::{Scale, threshold};
use super::store::{self, CardRow, Count};
use crate::access::cards::FileCard;
use crate::access::handling::MARKINGS;
use crate::base::db::Result;
use crate::context::Ctx;

/// A card as it is compared and listed.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) organisation: Uuid,
    pub(super) author: Uuid,
    pub(super) exercise: Option<Uuid>,
    pub(super) sealed: bool,
    pub(super) marking: &'static str,
    /// Whether its organisation works under the law-enforcement regime.
    pub(super) led: bool,
    /// Whether it is compared with others.
    pub(super) open: bool,
    pub(super) changed_at: i64,
    pub(super) facets: Facets,
}

impl Entry {
    /// As the rules see it.
    pub(super) fn as_card(&self) -> FileCard<'_> {
        let Self { organisation, author, sealed, marking, led, .. } = *self;
        FileCard { organisation, author, sealed, marking, led }
    }
}

/// All cards, by id.
pub(super) type Entries = Arc<HashMap<Uuid, Entry>>;

/// See the module. Cheap to clone; all clones see the same.
#[derive(Clone, Default)]
pub struct Deck(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    count: Option<Count>,
    entries: Entries,
}

impl Deck {
    /// The cards as they are now.
    pub(super) async fn entries(&self, ctx: &Ctx) -> Result<Entries> {
        // Held while reading: who comes meanwhile waits for the same answer instead of reading it all again.
        let mut kept = self.0.lock().await;
        let mut conn = ctx.db.read().await?;
        // The number first: what is committed while the rest is read is read again next time.
        let now = store::count(&mut conn).await?;
        if kept.count == Some(now) {
            return Ok(kept.entries.clone());
        }
        let then = kept.count.unwrap_or_default();
        let rows = store::since(&mut conn, then.seq).await?;
        let left = if now.gone == then.gone { None } else { Some(store::ids(&mut conn).await?) };
        drop(conn);
        let entries = Arc::make_mut(&mut kept.entries);
        if let Some(left) = left {
            let left: HashSet<Uuid> = left.into_iter().collect();
            entries.retain(|id, _| left.contains(id));
        }
        entries.extend(rows.into_iter().filter_map(|row| Some((row.id, entry(ctx, &row)?))));
        kept.count = Some(now);
        Ok(kept.entries.clone())
    }
}

fn entry(ctx: &Ctx, row: &CardRow) -> Option<Entry> {
    let Some(card) = locked::open::<Checked>(ctx, row.id, &row.body) else {
        tracing::warn!(card = %row.id, "a file card can't be opened with this key");
        return None;
    };
    Some(Entry {
        organisation: row.organisation,
        author: row.made_by,
        exercise: row.exercise,
        sealed: card.visibility == Visibility::Sealed,
        // What can't be read is handled as strictly as an item can be.
        marking: MARKINGS.into_iter().find(|known| *known == card.marking).unwrap_or(crate::access::ITEM_CEILING),
        led: row.regime == super::LED,
        open: card.stage != CLOSED,
        changed_at: row.changed_at,
        facets: card.facets(),
    })
}

/// The open cards of other organisations that may be about the same as this one, the likeliest first; of an exercise those of it.
pub(super) fn likely(entries: &HashMap<Uuid, Entry>, id: Uuid) -> Vec<Uuid> {
    let Some(card) = entries.get(&id).filter(|card| card.open) else { return Vec::new() };
    let (scale, mut compared, mut found) = (Scale::new(), 0, Vec::new());
    for (other, entry) in entries {
        if entry.organisation == card.organisation || entry.exercise != card.exercise || !entry.open {
            continue;
        }
        compared += 1;
        let score = scale.score(&card.facets, &entry.facets);
        if score >= threshold(0) {
            found.push((score, *other));
        }
    }
    let least = threshold(compared);
    found.retain(|(score, _)| *score >= least);
    found.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    found.into_iter().map(|(_, id)| id).collect()
}
