//! What the library is searched by, kept in memory: a list is narrowed down and counted in one pass over it, and who may see
//! what is asked of the one rule for items, practice by practice (decision 0012 does the same for the directory).
//!
//! Whoever changes a practice says so in the effects of the same transaction ([`Shelf::changes`]); it is read again before the
//! next question is answered. What a page shows is read from storage in any case.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError};

use tokio::sync::Mutex;
use uuid::Uuid;

use super::finder::{Choice, Entry, bit, codes};
use super::states::State;
use super::store::{self, Counted, ShelfRow};
use crate::access::handling::MARKINGS;
use crate::base::db::{AfterCommit, Result, Tx};
use crate::context::Ctx;

/// Changed practices that are read one by one; more of them, and the whole is read.
const ONE_BY_ONE: usize = 500;

/// All practices, by id.
pub(super) type Entries = Arc<HashMap<Uuid, Arc<Entry>>>;

/// See the module. Cheap to clone; all clones see the same.
#[derive(Clone, Default)]
pub struct Shelf(Arc<Inner>);

#[derive(Default)]
struct Inner {
    kept: Mutex<Option<Entries>>,
    changed: std::sync::Mutex<HashSet<Uuid>>,
}

impl Shelf {
    /// The entries as they are now.
    pub(super) async fn entries(&self, ctx: &Ctx) -> Result<Entries> {
        // Held while reading: who comes meanwhile waits for the same answer instead of reading it all again.
        let mut kept = self.0.kept.lock().await;
        // Taken before reading: what changes meanwhile is read again next time.
        let changed: Vec<Uuid> = {
            let mut changed = self.0.changed.lock().unwrap_or_else(PoisonError::into_inner);
            changed.drain().collect()
        };
        let entries = match kept.take() {
            Some(entries) if changed.is_empty() => entries,
            Some(entries) if changed.len() <= ONE_BY_ONE => mend(ctx, entries, &changed).await?,
            _ => Arc::new(fill(ctx).await?),
        };
        *kept = Some(entries.clone());
        Ok(entries)
    }

    /// One of them.
    pub(super) async fn entry(&self, ctx: &Ctx, id: Uuid) -> Result<Option<Arc<Entry>>> {
        Ok(self.entries(ctx).await?.get(&id).cloned())
    }

    /// A practice is read again once the transaction holds.
    pub(super) fn changes(&self, tx: &mut Tx, id: Uuid) {
        let this = self.clone();
        tx.after_commit(move || {
            this.0.changed.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        });
    }
}

async fn fill(ctx: &Ctx) -> Result<HashMap<Uuid, Arc<Entry>>> {
    let mut conn = ctx.db.read().await?;
    let rows = store::shelf(&mut conn).await?;
    let partners = store::all_partners(&mut conn).await?;
    let reviewers = store::all_reviewers(&mut conn).await?;
    let counted = store::all_counted(&mut conn).await?;
    drop(conn);
    Ok(put_together(rows, partners, reviewers, counted).map(|entry| (entry.id, Arc::new(entry))).collect())
}

/// The same entries with these read again. A failure leaves nothing kept, so that all is read the next time.
async fn mend(ctx: &Ctx, entries: Entries, changed: &[Uuid]) -> Result<Entries> {
    let mut conn = ctx.db.read().await?;
    let rows = store::shelf_among(&mut conn, changed).await?;
    let partners = store::partners_among(&mut conn, changed).await?;
    let reviewers = store::reviewers_among(&mut conn, changed).await?;
    let counted = store::counted_among(&mut conn, changed).await?;
    drop(conn);
    let mut entries = entries;
    let held = Arc::make_mut(&mut entries);
    for id in changed {
        held.remove(id);
    }
    held.extend(put_together(rows, partners, reviewers, counted).map(|entry| (entry.id, Arc::new(entry))));
    Ok(entries)
}

fn put_together(
    rows: Vec<ShelfRow>,
    partners: Vec<(Uuid, Uuid)>,
    reviewers: Vec<(Uuid, Uuid, bool)>,
    counted: Vec<Counted>,
) -> impl Iterator<Item = Entry> {
    let mut by_partner: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (practice, organisation) in partners {
        by_partner.entry(practice).or_default().push(organisation);
    }
    let mut by_reviewer: HashMap<Uuid, Vec<(Uuid, bool)>> = HashMap::new();
    for (practice, account, done) in reviewers {
        by_reviewer.entry(practice).or_default().push((account, done));
    }
    let counted: HashMap<Uuid, Counted> = counted.into_iter().map(|each| (each.practice, each)).collect();
    rows.into_iter().map(move |row| {
        let (partners, reviewers) = (by_partner.remove(&row.id), by_reviewer.remove(&row.id));
        let counts = counted.get(&row.id);
        let mut entry = entry(&row, partners.unwrap_or_default(), reviewers.unwrap_or_default());
        if let Some(counts) = counts {
            let number = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
            (entry.endorsements, entry.used, entry.harm) = (number(counts.endorsements), number(counts.used), counts.harm > 0);
        }
        entry
    })
}

fn entry(row: &ShelfRow, partners: Vec<Uuid>, reviewers: Vec<(Uuid, bool)>) -> Entry {
    let level = u8::try_from(row.level).unwrap_or(0);
    let bits = row.tags.split(' ').filter_map(|tag| tag.split_once(':')).fold(0, |bits, (kind, code)| {
        let choice = Choice::ALL.into_iter().find(|choice| choice.as_str() == kind);
        bits | choice.and_then(|choice| bit(choice, code)).unwrap_or(0)
    });
    Entry {
        id: row.id,
        author: row.author,
        organisation: row.organisation,
        // What can't be read is handled as strictly as an item can be.
        marking: MARKINGS.into_iter().find(|known| *known == row.marking).unwrap_or(crate::access::ITEM_CEILING),
        state: State::of(&row.state, None, 0),
        review_due_at: row.review_due_at,
        bits: bits | bit(Choice::Level, &level.to_string()).unwrap_or(0),
        countries: codes(bits, Choice::Country).collect(),
        themes: codes(bits, Choice::Theme).collect(),
        partners: partners.into(),
        reviewers: reviewers.into(),
        level,
        harm: false,
        parent: row.parent,
        published_at: row.published_at,
        changed_at: row.changed_at,
        endorsements: 0,
        used: 0,
    }
}
