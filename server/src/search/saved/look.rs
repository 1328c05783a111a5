//! Whether a search finds something new for somebody, by the same permission as the search itself.

use crate::access::Actor;
use crate::access::handling::{Code, Labels, RED};
use crate::base::db::{Conn, Result};
use crate::channels;
use crate::context::Ctx;
use crate::vocabulary::strictest;

use super::super::look::{Place, page};
use super::super::query::{Author, Query};
use super::super::store::{self, Between, Hit};
use super::super::{author_token, channel_token};

/// Hits looked at in one go, and how often, before a search counts as one that finds nothing new.
const AT_ONCE: usize = 20;
const GOES: usize = 5;
/// People whom a name behind `from:` may fit.
const AUTHORS_MAX: i64 = 50;

/// Whether a search finds a message with a number in `span` that this person may open now, that somebody else has said, and
/// whose words aren't held back.
pub(super) async fn any_since(ctx: &Ctx, actor: &Actor, query: &Query, span: Between) -> Result<bool> {
    let Some(keys) = keys(ctx, actor, query).await? else { return Ok(false) };
    let mut conn = ctx.db.read().await?;
    let mut span = span;
    if let Some(until) = query.until {
        span.below = span.below.min(store::first_since(&mut conn, until).await?.unwrap_or(i64::MAX));
    }
    if let Some(since) = query.since {
        span.from = span.from.max(store::first_since(&mut conn, since).await?.unwrap_or(i64::MAX));
    }
    let mut at = Place::START;
    for _ in 0..GOES {
        let (hits, next) = page(&mut conn, query, &keys, span, at, AT_ONCE).await?;
        if hits.iter().any(|hit| is_news(hit, actor)) {
            return Ok(true);
        }
        let Some(next) = next else { break };
        at = next;
    }
    Ok(false)
}

/// Whether somebody else has said it, in words that are shown among others.
fn is_news(hit: &Hit, actor: &Actor) -> bool {
    let red = strictest(&hit.marking, &hit.channel_marking) == RED;
    hit.author != actor.account && !red && !Labels::of(hit.labels.as_deref()).has(Code::H3)
}

/// The tokens of the channels that this person may open now, without what is RED; `None` if nothing is left.
async fn keys(ctx: &Ctx, actor: &Actor, query: &Query) -> Result<Option<String>> {
    let mut readable = channels::readable(ctx, actor).await?;
    readable.retain(|channel| channel.marking != RED);
    let mut conn = ctx.db.read().await?;
    if !query.channels.is_empty() {
        let mut wanted = Vec::new();
        for name in &query.channels {
            match name.parse() {
                Ok(id) => wanted.push(id),
                Err(_) => wanted.extend(channels::called(&mut conn, name).await?),
            }
        }
        readable.retain(|channel| wanted.contains(&channel.id));
    }
    let places: Vec<_> = readable.iter().map(|channel| channel_token(channel.number)).collect();
    if places.is_empty() {
        return Ok(None);
    }
    let places = format!("({})", places.join(" OR "));
    if query.from.is_empty() {
        return Ok(Some(places));
    }
    let authors = authors(&mut conn, actor, &query.from).await?;
    Ok((!authors.is_empty()).then(|| format!("{places} AND ({})", authors.join(" OR "))))
}

/// The tokens of the accounts that `from:` means.
async fn authors(conn: &mut Conn, actor: &Actor, from: &[Author]) -> Result<Vec<String>> {
    let mut tokens = Vec::new();
    for author in from {
        match author {
            Author::Me => tokens.push(author_token(actor.account)),
            Author::Account(account) => tokens.push(author_token(*account)),
            Author::Name(part) => tokens.extend(store::authors(conn, part, AUTHORS_MAX).await?.into_iter().map(author_token)),
        }
    }
    Ok(tokens)
}
