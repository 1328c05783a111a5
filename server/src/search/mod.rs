//! Finding what was said, in whichever of the region's languages. Permission is part of the index query. The index follows the
//! messages: what was posted is put into it a moment later, many at once (decision 0020), and before anybody searches, so
//! that nobody notices. How it is made and asked: decision 0023.
//!
//! Others call: [`reindex`] and [`unindex`] inside their transactions, with the [`Entry`] of what stood there; [`router`] to
//! serve and [`keep_up`] beside it, with [`Meaning`] for the settings; [`saved_router`] and [`alert`] for the searches that
//! people keep; [`index_item`] and [`forget_item`] for what stands in the index beside messages, and [`Finder`] for the lists of
//! it; [`quoted`] for where somebody's words stand; [`relabelled`] where a message is handled otherwise; [`renew`] before serving;
//! [`optimise`] after a bulk load.
//! What is found beside the messages comes from the sources that [`router`] is handed.

mod excerpt;
mod facets;
mod http;
mod items;
mod lexicon;
mod look;
mod meaning;
mod plan;
mod query;
pub mod quoted;
mod rank;
mod reach;
mod saved;
mod spelling;
mod store;
mod unclear;

pub use http::{Beside, router};
pub use items::{Finder, ItemText, forget_item, index_item};
pub use meaning::Meaning;
pub use saved::{alert, router as saved_router};

use std::time::{Duration, Instant};

use egida_text::{Language, language, terms};
use uuid::Uuid;

use self::http::bad_query;
use self::store::{Row, Span, Unindexed};
use crate::access::handling::RED;
use crate::base::db::{Conn, Db, Result, Tx};
use crate::context::Ctx;
use crate::vocabulary;

/// Messages indexed in one transaction: a few milliseconds of the writer's.
const AT_ONCE: i64 = 200;
/// The same while nobody is served.
const IN_BULK: i64 = 2_000;
/// How long new messages wait for more before they are indexed together, when nobody searches.
const FOLLOW_EVERY: Duration = Duration::from_secs(1);
/// Messages of long ago that are indexed anew in one transaction: a millisecond or two, which a post may have to wait.
const RENEWED_AT_ONCE: i64 = 25;
/// How long nothing is renewed after that, for each time that it took, while people post and while nobody does: fewer than one
/// post in a hundred meets it, or it has half of the writer's time.
const REST: u32 = 200;
const QUIET_REST: u32 = 1;
/// How long nobody has posted when nobody does.
const QUIET: Duration = Duration::from_secs(5);

/// What the index keeps of a message: tokens of its channel and author, its words and their stems.
#[derive(Clone, Debug)]
pub struct Entry {
    place: i64,
    author: Uuid,
    body: String,
}

impl Entry {
    /// The entry of a body in a channel, so marked. The same parts always make the same entry: removing one asks for it
    /// again.
    pub fn new(channel: i64, marking: &str, author: Uuid, body: &str) -> Self {
        Self { place: place(channel, marking == RED), author, body: body.to_owned() }
    }

    fn row(&self, n: i64, language: Option<Language>) -> Row {
        row(n, self.place, self.author, &self.body, language)
    }
}

fn row(n: i64, place: i64, author: Uuid, body: &str, language: Option<Language>) -> Row {
    let mut terms = terms(body, language);
    terms.extend([place_token(place), author_token(author)]);
    Row { n, place, language: number(language), terms }
}

impl Unindexed {
    fn row(&self) -> Row {
        let hint = self.country.as_deref().and_then(tongue);
        let place = place(self.number, self.marking == RED);
        row(self.n, place, self.author, &self.body, language(&self.body, hint))
    }
}

/// Where a message stands, in one number: its channel, and whether it is RED.
fn place(channel: i64, red: bool) -> i64 {
    channel * 2 + i64::from(red)
}

/// What all messages of a place have in common. What is RED has a place of its own: only who looks in that channel asks for
/// it.
fn place_token(place: i64) -> String {
    format!("~{}{}", if place % 2 == 1 { 'r' } else { 'c' }, place / 2)
}

fn author_token(author: Uuid) -> String {
    format!("~a{}", author.simple())
}

/// How a language stands in the index.
fn number(language: Option<Language>) -> i64 {
    let at = Language::ALL.iter().position(|each| Some(*each) == language);
    at.and_then(|at| i64::try_from(at + 1).ok()).unwrap_or(0)
}

/// The language that stands there so.
fn numbered(number: i64) -> Option<Language> {
    usize::try_from(number).ok()?.checked_sub(1).and_then(|at| Language::ALL.get(at)).copied()
}

/// What people of a country write in, where they don't show it.
fn tongue(country: &str) -> Option<Language> {
    Language::of_code(vocabulary::country_facts(country)?.languages.first()?)
}

/// Replaces what the index keeps of a message. What it doesn't hold yet it takes as it is then.
pub async fn reindex(tx: &mut Tx, n: i64, was: &Entry, now: &Entry) -> Result<()> {
    store::vectors::make_due(tx, n).await?;
    let Some(spoken) = take_out(tx, n, was).await? else { return Ok(()) };
    let row = now.row(n, language(&now.body, spoken));
    tx.direct(|direct| store::insert(direct, &[row])).await
}

/// Takes a message out, its words included; false if it wasn't in yet.
pub async fn unindex(tx: &mut Tx, n: i64, entry: &Entry) -> Result<bool> {
    store::vectors::forget(tx, n).await?;
    Ok(take_out(tx, n, entry).await?.is_some())
}

/// Looks again whether a message's words may leave for the service that makes vectors: its labels are others.
pub async fn relabelled(tx: &mut Tx, n: i64) -> Result<()> {
    store::vectors::make_due(tx, n).await
}

/// The language in which it stood there; `None` if it didn't.
async fn take_out(tx: &mut Tx, n: i64, entry: &Entry) -> Result<Option<Option<Language>>> {
    if !store::span(tx).await?.holds(n) {
        return Ok(None);
    }
    let Some(number) = store::language(tx, n).await? else { return Ok(None) };
    let language = numbered(number);
    let row = entry.row(n, language);
    tx.direct(|direct| store::delete(direct, n, &row.terms)).await?;
    Ok(Some(language))
}

/// Puts into the index what was posted since, so much at a time that posts pass between.
pub async fn catch_up(db: &Db) -> Result<()> {
    follow(db, AT_ONCE).await
}

async fn follow(db: &Db, at_once: i64) -> Result<()> {
    let span = store::span(&mut db.read().await?).await?;
    let mut reach = span.reach;
    while reach < span.newest {
        reach = db.write(async move |tx| step(tx, at_once).await).await?;
    }
    Ok(())
}

/// Indexes the next messages; up to where the index reaches now.
async fn step(tx: &mut Tx, at_once: i64) -> Result<i64> {
    let span = store::span(tx).await?;
    let rows = store::after(tx, span.reach, at_once).await?;
    // Where fewer are left than were asked for, whatever else there is was deleted before it was indexed.
    let reach = match rows.last() {
        Some(last) if i64::try_from(rows.len()) == Ok(at_once) => last.n,
        _ => span.newest,
    };
    put_in(tx, &rows).await?;
    store::set_reach(tx, reach).await?;
    Ok(reach)
}

async fn put_in(tx: &mut Tx, messages: &[Unindexed]) -> Result<()> {
    let rows: Vec<_> = messages.iter().map(Unindexed::row).collect();
    tx.direct(|direct| store::insert(direct, &rows)).await
}

/// Lets the index follow the messages for as long as it runs, and makes it whole where it is being made anew.
pub async fn keep_up(ctx: Ctx, meaning: Option<Meaning>) {
    let follow = async {
        loop {
            ctx.said.notified().await;
            tokio::time::sleep(FOLLOW_EVERY).await;
            if let Err(error) = catch_up(&ctx.db).await {
                tracing::warn!(%error, "the search index could not follow the messages");
            }
        }
    };
    let fill = async {
        if let Err(error) = fill(&ctx.db).await {
            tracing::warn!(%error, "the search index could not be made whole; the next start goes on with it");
        }
    };
    let items = async {
        if let Err(error) = items::fill(&ctx.db).await {
            tracing::warn!(%error, "the search index lacks items; the next start goes on with them");
        }
    };
    tokio::join!(follow, fill, items, meaning::keep_up(ctx.clone(), meaning));
}

/// Goes back through the messages that the index lacks, newest first, and leaves the writer to the posts most of the time.
async fn fill(db: &Db) -> Result<()> {
    let began = Instant::now();
    let mut span = store::span(&mut db.read().await?).await?;
    if span.from == 0 {
        return Ok(());
    }
    let mut last_post: Option<Instant> = None;
    while span.from > 0 {
        let start = Instant::now();
        let was = std::mem::replace(&mut span, db.write(async move |tx| step_back(tx, RENEWED_AT_ONCE).await).await?);
        let took = start.elapsed();
        if span.newest > was.newest {
            last_post = Some(start);
        }
        let quiet = last_post.is_none_or(|at| at.elapsed() > QUIET);
        tokio::time::sleep(took * if quiet { QUIET_REST } else { REST }).await;
    }
    tracing::info!(seconds = began.elapsed().as_secs(), "the search index is whole again");
    Ok(())
}

/// Indexes the newest of the messages that are missing below; what the index holds now.
async fn step_back(tx: &mut Tx, at_once: i64) -> Result<Span> {
    let span = store::span(tx).await?;
    let rows = store::before(tx, span.from, at_once).await?;
    let from = match rows.last() {
        Some(last) if i64::try_from(rows.len()) == Ok(at_once) => last.n - 1,
        _ => 0,
    };
    put_in(tx, &rows).await?;
    store::set_from(tx, from).await?;
    Ok(Span { from, ..span })
}

/// Empties the index if another version of the text pipeline has filled it: [`keep_up`] fills it again, the newest messages
/// first.
pub async fn renew(db: &Db) -> Result<()> {
    let mut conn = db.read().await?;
    if store::version(&mut conn).await?.as_deref() == Some(egida_text::VERSION) {
        return Ok(());
    }
    drop(conn);
    db.write(async move |tx| {
        let newest = store::span(tx).await?.newest;
        if newest > 0 {
            tracing::info!("the search index was not made by this version: it is made anew, the newest messages first");
        }
        store::clear(tx).await?;
        items::cleared(tx).await?;
        store::set_from(tx, newest).await?;
        store::set_reach(tx, newest).await?;
        store::set_version(tx, egida_text::VERSION).await
    })
    .await
}

/// Catches up and merges the index after a bulk load; otherwise every later post pays for it.
pub async fn optimise(db: &Db) -> Result<()> {
    while db.write(async move |tx| step_back(tx, IN_BULK).await).await?.from > 0 {}
    items::fill(db).await?;
    follow(db, IN_BULK).await?;
    db.write(async move |tx| store::optimise(tx).await).await
}

/// What the index lacks and what it has too much, each finding in words.
pub async fn verify(conn: &mut Conn) -> Result<Vec<String>> {
    let span = store::span(conn).await?;
    let lacking = store::unindexed(conn, span).await?.into_iter().map(|id| format!("search: message {id} is not in the index"));
    let surplus =
        store::surplus(conn).await?.into_iter().map(|n| format!("search: entry {n} belongs to no message that is there"));
    let vectors = store::vectors::surplus(conn).await?.into_iter();
    let vectors = vectors.map(|n| format!("search: vector {n} belongs to no message that is there"));
    Ok(lacking.chain(surplus).chain(vectors).collect())
}
