//! What the library hands to others: practices for the search and the newsletter, and what their files hang on.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::finder::Entry;
use super::shelf::Shelf;
use super::store::{self, ListRow};
use crate::access::handling::{LEAVING, is_carried};
use crate::access::{Actor, Decision, ItemAction, RegionAction, may_in_region};
use crate::attachable::{Held, Holder};
use crate::base::db::Result;
use crate::context::Ctx;
use crate::findable::{Kind, Stock, Thing};
use crate::publishable::{Feed, Publishable};

/// What files of practices are called in storage.
pub(super) const HELD: &str = "practice";

/// What others see of the library.
struct Library(Shelf);

/// The practices as what the search finds.
pub fn stock(shelf: Shelf) -> Arc<dyn Stock> {
    Arc::new(Library(shelf))
}

/// The practices as what the newsletter takes from.
pub fn feed(shelf: Shelf) -> Arc<dyn Feed> {
    Arc::new(Library(shelf))
}

/// The practices as what files hang on.
pub fn holder(shelf: Shelf) -> Arc<dyn Holder> {
    Arc::new(Library(shelf))
}

impl Stock for Library {
    fn shown<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, ids: &'a [Uuid]) -> BoxFuture<'a, Result<Vec<Thing>>> {
        self.things(ctx, actor, ids).boxed()
    }

    fn kind(&self) -> Kind {
        Kind::Practice
    }
}

impl Feed for Library {
    fn within<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, span: (i64, i64)) -> BoxFuture<'a, Result<Vec<Publishable>>> {
        self.published(ctx, actor, span).boxed()
    }

    fn one<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, id: Uuid) -> BoxFuture<'a, Result<Option<Publishable>>> {
        self.publishable(ctx, actor, id).boxed()
    }

    fn kind(&self) -> Kind {
        Kind::Practice
    }

    fn withheld<'a>(&'a self, ctx: &'a Ctx) -> BoxFuture<'a, Result<Vec<String>>> {
        withheld(ctx).boxed()
    }
}

impl Holder for Library {
    fn kind(&self) -> &'static str {
        HELD
    }

    fn held<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, id: Uuid) -> BoxFuture<'a, Result<Option<Held>>> {
        self.holds(ctx, actor, id).boxed()
    }
}

impl Library {
    async fn things(&self, ctx: &Ctx, actor: &Actor, ids: &[Uuid]) -> Result<Vec<Thing>> {
        if may_in_region(actor, RegionAction::UseDirectory) != Decision::Allow {
            return Ok(Vec::new());
        }
        let entries = self.0.entries(ctx).await?;
        let readable = ids.iter().filter(|id| entries.get(id).is_some_and(|entry| entry.may(actor, ItemAction::Read)));
        let readable: Vec<Uuid> = readable.copied().collect();
        let rows = store::listed(&mut ctx.db.read().await?, &readable).await?;
        let thing = |row: ListRow| Thing {
            kind: Kind::Practice,
            id: row.id.to_string(),
            title: row.title,
            about: row.organisation_name,
            channel: None,
        };
        Ok(rows.into_iter().map(thing).collect())
    }

    /// Whether the newsletter may know of it: in the library, without a report of harm, no stricter than GREEN.
    fn is_publishable(entry: &Entry, actor: &Actor, now: i64) -> bool {
        entry.state_at(now).stands() && !entry.harm && is_carried(entry.marking, LEAVING) && entry.may(actor, ItemAction::TakeOut)
    }

    async fn published(&self, ctx: &Ctx, actor: &Actor, (from, to): (i64, i64)) -> Result<Vec<Publishable>> {
        let (entries, now) = (self.0.entries(ctx).await?, ctx.now());
        let within = |entry: &&Arc<Entry>| entry.published_at.is_some_and(|at| from <= at && at < to);
        let found: Vec<&Entry> =
            entries.values().filter(within).map(AsRef::as_ref).filter(|entry| Self::is_publishable(entry, actor, now)).collect();
        let mut all = Vec::with_capacity(found.len());
        for some in found.chunks(200) {
            all.extend(described(ctx, some).await?);
        }
        all.sort_unstable_by_key(|each| std::cmp::Reverse((each.at, each.id)));
        Ok(all)
    }

    async fn publishable(&self, ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<Option<Publishable>> {
        let entry = self.0.entry(ctx, id).await?.filter(|entry| Self::is_publishable(entry, actor, ctx.now()));
        let Some(entry) = entry else { return Ok(None) };
        Ok(described(ctx, &[&entry]).await?.pop())
    }

    async fn holds(&self, ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<Option<Held>> {
        let entry = self.0.entry(ctx, id).await?.filter(|entry| entry.may(actor, ItemAction::Read));
        Ok(entry.map(|entry| Held {
            marking: entry.marking.to_owned(),
            may_leave: entry.may(actor, ItemAction::TakeOut),
            place: format!("/library/{id}"),
        }))
    }
}

async fn described(ctx: &Ctx, entries: &[&Entry]) -> Result<Vec<Publishable>> {
    let ids: Vec<Uuid> = entries.iter().map(|entry| entry.id).collect();
    let rows = store::listed(&mut ctx.db.read().await?, &ids).await?;
    let mut rows: HashMap<Uuid, ListRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    let codes = |codes: &[&str]| codes.iter().map(ToString::to_string).collect();
    let one = |entry: &&Entry| {
        let row = rows.remove(&entry.id)?;
        Some(Publishable {
            kind: Kind::Practice,
            id: entry.id,
            title: row.title,
            summary: row.summary,
            language: row.language,
            marking: entry.marking.to_owned(),
            countries: codes(&entry.countries),
            themes: codes(&entry.themes),
            source: entry.author,
            at: entry.published_at.unwrap_or(entry.changed_at),
        })
    };
    Ok(entries.iter().filter_map(one).collect())
}

/// Every text of what isn't CLEAR.
async fn withheld(ctx: &Ctx) -> Result<Vec<String>> {
    let stored = store::texts_not_clear(&mut ctx.db.read().await?).await?;
    let mut texts = Vec::new();
    for json in stored {
        let value: serde_json::Value = serde_json::from_str(&json).unwrap_or_default();
        gather(value, &mut texts);
    }
    texts.sort_unstable();
    texts.dedup();
    Ok(texts)
}

/// Every text in it that holds more than a code.
fn gather(value: serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) if text.contains(' ') => texts.push(text),
        serde_json::Value::Array(values) => values.into_iter().for_each(|value| gather(value, texts)),
        serde_json::Value::Object(members) => members.into_iter().for_each(|(_, value)| gather(value, texts)),
        _ => {}
    }
}
