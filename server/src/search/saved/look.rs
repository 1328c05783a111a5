//! Whether a search finds something new for somebody, by the same permission as the search itself.

use super::super::lexicon::Shelf;
use super::super::look::fitting;
use super::super::plan::{Plan, Rung};
use super::super::query::Query;
use super::super::reach::{self, Asker};
use super::super::store::{self, Hit, Span};
use crate::access::Actor;
use crate::access::handling::{Code, Labels, RED};
use crate::base::db::Result;
use crate::channels;
use crate::context::Ctx;
use crate::vocabulary::strictest;

/// Hits looked at in one go, and how often, before a search counts as one that finds nothing new.
const AT_ONCE: i64 = 100;
const GOES: usize = 5;

/// Whether a search finds a message after number `seen` that this person may open now, that somebody else has said, and whose
/// words aren't held back. It has all the words: nobody is told of what only begins as they do.
pub(super) async fn any_since(ctx: &Ctx, actor: &Actor, query: &Query, lexicon: &Shelf, seen: i64) -> Result<bool> {
    let readable = channels::searchable(ctx, actor).await?;
    let mut conn = ctx.db.read().await?;
    let reader = store::reader(&mut conn, actor.account).await?;
    let (mut plan, _) = Plan::new(query, &reader.languages(), Some(&lexicon.now()));
    let span: Span = store::span(&mut conn).await?;
    let asker = Asker { actor, unseals: false, readable: &readable };
    let within = reach::within(ctx, &mut conn, asker, query, &mut plan, span).await?;
    let Ok(Some(mut within)) = within else { return Ok(false) };
    within.from = within.from.max(seen + 1);
    plan.look_abroad(&mut conn).await?;
    let Some(expression) = plan.expression(Rung::Words) else { return Ok(false) };
    for _ in 0..GOES {
        let found = store::passing(&mut conn, &expression, &within, AT_ONCE).await?;
        let Some(last) = found.last().map(|last| last.n) else { break };
        let fitting = fitting(&mut conn, query, found).await?;
        let ns: Vec<i64> = fitting.iter().map(|hit| hit.n).collect();
        if store::hits(&mut conn, &ns).await?.iter().any(|hit| is_news(hit, actor)) {
            return Ok(true);
        }
        within.below = last;
    }
    Ok(false)
}

/// Whether somebody else has said it, in words that are shown among others.
fn is_news(hit: &Hit, actor: &Actor) -> bool {
    let red = strictest(&hit.marking, &hit.channel_marking) == RED;
    hit.author != actor.account && !red && !Labels::of(hit.labels.as_deref()).has(Code::H3)
}
