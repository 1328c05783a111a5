//! Campaigns in the index of the search, and what of them is shown there.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::codes::{COUNTRIES, of_bits};
use super::store::{self, Card, Filter, Reader};
use super::whole::Whole;
use crate::access::Actor;
use crate::base::db::{Result, Tx};
use crate::context::Ctx;
use crate::findable::{Kind, Stock, Thing};
use crate::search::{self, ItemText};

/// What the campaigns have in the index.
struct Campaigns;

/// The campaigns as a stock of the search.
pub fn stock() -> Arc<dyn Stock> {
    Arc::new(Campaigns)
}

impl Stock for Campaigns {
    fn shown<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, ids: &'a [Uuid]) -> BoxFuture<'a, Result<Vec<Thing>>> {
        shown(ctx, actor, ids).boxed()
    }

    fn kind(&self) -> Kind {
        Kind::Campaign
    }
}

async fn shown(ctx: &Ctx, actor: &Actor, ids: &[Uuid]) -> Result<Vec<Thing>> {
    if !actor.is_confirmed() {
        return Ok(Vec::new());
    }
    let rows = store::among(&mut ctx.db.read().await?, &Reader::of(actor), &Filter::default(), None, ids).await?;
    let mut found: HashMap<Uuid, Card> = rows.into_iter().map(|row| (row.id, row)).collect();
    let thing = |row: Card| Thing {
        kind: Kind::Campaign,
        id: row.id.to_string(),
        title: row.title,
        about: row.organisation_name,
        channel: None,
    };
    Ok(ids.iter().filter_map(|id| found.remove(id)).map(thing).collect())
}

/// Puts a campaign into the index as the transaction leaves it.
pub(super) async fn keep(tx: &mut Tx, id: Uuid) -> Result<()> {
    let Some(whole) = Whole::load(tx, id).await? else { return Ok(()) };
    let changed = whole.pretest.iter().map(|pretest| pretest.changed.as_str());
    let texts: Vec<&str> = whole.facts.texts().skip(1).chain(changed).chain(whole.detail.results.as_deref()).collect();
    let item = ItemText {
        kind: Kind::Campaign,
        id,
        title: &whole.facts.title,
        body: &texts.join("\n"),
        language: &whole.facts.language,
        countries: &of_bits(whole.head.countries, &COUNTRIES),
        themes: &[whole.head.theme.as_str()],
        at: whole.head.changed_at,
    };
    search::index_item(tx, &item).await
}
