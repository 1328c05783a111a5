//! Where somebody may look: permission as the index is asked for it.

use std::sync::Arc;

use uuid::Uuid;

use super::plan::{Plan, small};
use super::query::{Author, Query};
use super::store::{self, Span, Within};
use super::unclear::Unclear;
use super::{author_token, number, place, place_token};
use crate::access::handling::RED;
use crate::access::{Action, Actor, Channel, Decision, may};
use crate::base::db::{Conn, Result};
use crate::channels;
use crate::context::Ctx;

/// People whom the names behind `from:` may fit in all.
const AUTHORS_MAX: usize = 50;
/// The part of all messages below which the index is asked for the channels, too.
const SHARE: f64 = 0.05;

/// Who looks for something.
#[derive(Clone, Copy)]
pub(super) struct Asker<'a> {
    pub(super) actor: &'a Actor,
    /// Whether what is RED may be found in the channels that a query names: never by a program.
    pub(super) unseals: bool,
    /// The channels that this person may read now.
    pub(super) readable: &'a [Arc<Channel>],
}

/// Where a query looks for this person, narrowed by `in:`, `lang:`, `before:` and `after:`; `None` if nothing is left. What
/// must be asked of the index itself is asked of the plan.
pub(super) async fn within(
    ctx: &Ctx,
    conn: &mut Conn,
    asker: Asker<'_>,
    query: &Query,
    plan: &mut Plan,
    span: Span,
) -> Result<std::result::Result<Option<Within>, Unclear>> {
    let looked = named(conn, query, asker.readable).await?;
    channels::looked(ctx, asker.actor, "channel.search", looked.iter().map(AsRef::as_ref));
    let places = places(asker, &looked, !query.channels.is_empty());
    if places.is_empty() {
        return Ok(Ok(None));
    }
    // Where there is little to read among much, the index is asked for the channels, too; otherwise it is quicker to look
    // at the place of each hit.
    if !plan.has_words() || share(conn, &places, span).await? < SHARE {
        plan.require(places.iter().map(|place| place_token(*place)));
    }
    if !query.from.is_empty() {
        match authors(conn, asker.actor, &query.from).await? {
            Err(unclear) => return Ok(Err(unclear)),
            Ok(authors) if authors.is_empty() => return Ok(Ok(None)),
            Ok(authors) => plan.require(authors.into_iter().map(author_token)),
        }
    }
    let numbers: Vec<_> = query.languages.iter().map(|language| number(Some(*language))).collect();
    let mut within = Within {
        below: i64::MAX,
        from: 0,
        places: serde_json::to_string(&places).unwrap_or_default(),
        languages: (!numbers.is_empty()).then(|| serde_json::to_string(&numbers).unwrap_or_default()),
    };
    if let Some(until) = query.until {
        within.below = store::first_since(conn, until).await?.unwrap_or(i64::MAX);
    }
    if let Some(since) = query.since {
        within.from = store::first_since(conn, since).await?.unwrap_or(i64::MAX);
    }
    Ok(Ok(Some(within)))
}

/// The channels that are named, if any are. One that may not be known is named like one that doesn't exist: nothing is found
/// in it.
async fn named<'a>(conn: &mut Conn, query: &Query, readable: &'a [Arc<Channel>]) -> Result<Vec<&'a Arc<Channel>>> {
    if query.channels.is_empty() {
        return Ok(readable.iter().collect());
    }
    let mut wanted = Vec::new();
    for name in &query.channels {
        match name.parse::<Uuid>() {
            Ok(id) => wanted.push(id),
            Err(_) => wanted.extend(channels::called(conn, name).await?),
        }
    }
    Ok(readable.iter().filter(|channel| wanted.contains(&channel.id)).collect())
}

/// Which part of all messages lies in these places, from 0 to 1.
async fn share(conn: &mut Conn, places: &[i64], span: Span) -> Result<f64> {
    let tokens: Vec<String> = places.iter().map(|place| place_token(*place)).collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let here: i64 = store::counts(conn, &tokens).await?.values().sum();
    Ok(small(here) / small((span.reach - span.from).max(1)))
}

/// The places where something may be found in these channels. What is RED is found by the people of its room alone, and only
/// when they name it.
fn places(asker: Asker<'_>, channels: &[&Arc<Channel>], named: bool) -> Vec<i64> {
    let mut places = Vec::with_capacity(channels.len());
    for channel in channels {
        let red = named && asker.unseals && may(asker.actor, Action::Unseal, channel) == Decision::Allow;
        if channel.marking != RED || red {
            places.push(place(channel.number, false));
        }
        if red {
            places.push(place(channel.number, true));
        }
    }
    places
}

/// The accounts that `from:` means.
async fn authors(conn: &mut Conn, actor: &Actor, from: &[Author]) -> Result<std::result::Result<Vec<Uuid>, Unclear>> {
    let mut accounts = Vec::new();
    for author in from {
        match author {
            Author::Me => accounts.push(actor.account),
            Author::Account(account) => accounts.push(*account),
            Author::Name(part) => {
                let limit = i64::try_from(AUTHORS_MAX + 1).unwrap_or(i64::MAX);
                accounts.extend(store::authors(conn, part, limit).await?);
            }
        }
    }
    // Leaving some out would say that they have said nothing.
    Ok(if accounts.len() > AUTHORS_MAX { Err(Unclear::too_many_people(AUTHORS_MAX)) } else { Ok(accounts) })
}
