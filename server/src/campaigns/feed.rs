//! Campaigns that a newsletter may take up.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::codes::{COUNTRIES, of_bits};
use super::dates::day_of;
use super::model::Plan;
use super::store::{self, Reader};
use super::whole::Whole;
use crate::access::handling::{LEAVING, is_carried};
use crate::access::{Actor, Decision, ItemAction, Stage};
use crate::base::clock::DAY;
use crate::base::db::{On, Result};
use crate::context::Ctx;
use crate::findable::Kind;
use crate::publishable::{Feed, Publishable};

struct Campaigns;

/// The campaigns as a feed of the newsletter.
pub fn feed() -> Arc<dyn Feed> {
    Arc::new(Campaigns)
}

impl Feed for Campaigns {
    fn within<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, span: (i64, i64)) -> BoxFuture<'a, Result<Vec<Publishable>>> {
        within(ctx, actor, span).boxed()
    }

    fn one<'a>(&'a self, ctx: &'a Ctx, actor: &'a Actor, id: Uuid) -> BoxFuture<'a, Result<Option<Publishable>>> {
        one(ctx, actor, id).boxed()
    }

    fn kind(&self) -> Kind {
        Kind::Campaign
    }

    fn withheld<'a>(&'a self, ctx: &'a Ctx) -> BoxFuture<'a, Result<Vec<String>>> {
        withheld(ctx).boxed()
    }
}

async fn within(ctx: &Ctx, actor: &Actor, (from, to): (i64, i64)) -> Result<Vec<Publishable>> {
    if !actor.is_confirmed() {
        return Ok(Vec::new());
    }
    let mut conn = ctx.db.read().await?;
    let ids = store::shared_within(&mut conn, &Reader::of(actor), (day_of(from), day_of(to - 1))).await?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(published(&mut conn, actor, id).await?);
    }
    Ok(found)
}

async fn one(ctx: &Ctx, actor: &Actor, id: Uuid) -> Result<Option<Publishable>> {
    published(&mut ctx.db.read().await?, actor, id).await
}

async fn published(conn: &mut impl On, actor: &Actor, id: Uuid) -> Result<Option<Publishable>> {
    let Some(whole) = Whole::load(conn, id).await? else { return Ok(None) };
    let reads = whole.may(actor, ItemAction::Read) == Decision::Allow;
    if !reads || whole.stage() != Stage::Shared || !is_carried(&whole.head.marking, LEAVING) {
        return Ok(None);
    }
    Ok(Some(Publishable {
        kind: Kind::Campaign,
        id,
        summary: summary(&whole),
        countries: of_bits(whole.head.countries, &COUNTRIES).into_iter().map(str::to_owned).collect(),
        themes: vec![whole.head.theme],
        source: whole.head.author,
        at: whole.head.first_day.map_or(whole.head.changed_at, |day| day * DAY),
        title: whole.head.title,
        language: whole.head.language,
        marking: whole.head.marking,
    }))
}

/// What came of it, or else what it says.
fn summary(whole: &Whole) -> String {
    let said = || whole.facts.plan.messages.first().cloned().unwrap_or_default();
    whole.detail.results.clone().unwrap_or_else(said)
}

async fn withheld(ctx: &Ctx) -> Result<Vec<String>> {
    let rows = store::withheld(&mut ctx.db.read().await?).await?;
    let mut texts = Vec::with_capacity(rows.len());
    for (title, plan, results) in rows {
        let plan: Plan = serde_json::from_str(&plan).unwrap_or_default();
        let long = [plan.evidence, plan.call_to_action, plan.messengers, plan.safeguarding];
        let all = long.into_iter().chain(plan.messages).chain(plan.places).chain([title]).chain(results);
        texts.push(all.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n"));
    }
    Ok(texts)
}
