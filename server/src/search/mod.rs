//! Finding what was said. Permission is part of the index query. The index follows the messages: what was posted is put into
//! it a moment later, many at once (decision 0020), and before anybody searches, so that nobody notices.
//!
//! Others call: [`reindex`] and [`unindex`] inside their transactions, with the [`Entry`] of what stood there; [`router`] to
//! serve and [`keep_up`] beside it; [`refill`] when the text pipeline may have changed, [`optimise`] after a bulk load.

mod excerpt;
mod http;
mod look;
mod query;
mod saved;
mod store;

pub use http::router;
pub use saved::{alert, router as saved_router};

use std::time::Duration;

use uuid::Uuid;

use crate::access::handling::RED;
use crate::base::db::{Conn, Db, Result, Tx};
use crate::base::text;
use crate::context::Ctx;

/// Messages indexed in one transaction: a few milliseconds of the writer's.
const AT_ONCE: i64 = 200;
/// The same while nobody is served.
const IN_BULK: i64 = 2_000;
/// How long new messages wait for more before they are indexed together, when nobody searches.
const FOLLOW_EVERY: Duration = Duration::from_secs(1);

/// What the index keeps of a message: tokens of its channel and author, and its folded text.
#[derive(Clone, Debug)]
pub struct Entry {
    keys: String,
    text: String,
}

impl Entry {
    /// The entry of a body in a channel, so marked. The same parts always make the same entry: removing one asks for it
    /// again.
    pub fn new(channel: i64, marking: &str, author: Uuid, body: &str) -> Self {
        let place = if marking == RED { red_token(channel) } else { channel_token(channel) };
        Self { keys: format!("{place} {}", author_token(author)), text: text::fold(body) }
    }
}

fn channel_token(number: i64) -> String {
    format!("c{number}")
}

/// What is RED in a channel: only who looks in that channel asks for it.
fn red_token(number: i64) -> String {
    format!("r{number}")
}

fn author_token(author: Uuid) -> String {
    format!("a{}", author.simple())
}

/// Replaces what the index keeps of a message. What it doesn't hold yet it takes as it is then.
pub async fn reindex(tx: &mut Tx, n: i64, was: &Entry, now: &Entry) -> Result<()> {
    if !unindex(tx, n, was).await? {
        return Ok(());
    }
    tx.direct(|direct| store::insert(direct, n, &now.keys, &now.text)).await
}

/// Takes a message out, its terms included; false if it wasn't in yet.
pub async fn unindex(tx: &mut Tx, n: i64, entry: &Entry) -> Result<bool> {
    if n > store::reach(tx).await?.indexed {
        return Ok(false);
    }
    store::delete(tx, n, &entry.keys, &entry.text).await?;
    Ok(true)
}

/// Puts into the index what was posted since, so much at a time that posts pass between.
pub async fn catch_up(db: &Db) -> Result<()> {
    follow(db, AT_ONCE).await
}

async fn follow(db: &Db, at_once: i64) -> Result<()> {
    let until = store::reach(&mut db.read().await?).await?;
    let mut indexed = until.indexed;
    while indexed < until.newest {
        indexed = db.write(async move |tx| step(tx, at_once).await).await?;
    }
    Ok(())
}

/// Indexes the next messages; up to where the index reaches now.
async fn step(tx: &mut Tx, at_once: i64) -> Result<i64> {
    let reach = store::reach(tx).await?;
    let rows = store::bodies(tx, reach.indexed, at_once).await?;
    // Where fewer are left than were asked for, whatever else there is was deleted before it was indexed.
    let indexed = match rows.last() {
        Some(last) if i64::try_from(rows.len()) == Ok(at_once) => last.0,
        _ => reach.newest,
    };
    tx.direct(|direct| {
        for (n, channel, marking, author, body) in &rows {
            let entry = Entry::new(*channel, marking, *author, body);
            store::insert(direct, *n, &entry.keys, &entry.text)?;
        }
        Ok(())
    })
    .await?;
    store::set_reach(tx, indexed).await?;
    Ok(indexed)
}

/// Lets the index follow the messages for as long as it runs.
pub async fn keep_up(ctx: Ctx) {
    loop {
        ctx.said.notified().await;
        tokio::time::sleep(FOLLOW_EVERY).await;
        if let Err(error) = catch_up(&ctx.db).await {
            tracing::warn!(%error, "the search index could not follow the messages");
        }
    }
}

/// Catches up and merges the index after a bulk load; otherwise every later post pays for it.
pub async fn optimise(db: &Db) -> Result<()> {
    follow(db, IN_BULK).await?;
    db.write(async move |tx| store::optimise(tx).await).await
}

/// Fills the index anew if another version of the text pipeline has filled it, and lets it catch up.
pub async fn refill(db: &Db) -> Result<()> {
    if store::version(&mut db.read().await?).await?.as_deref() != Some(text::VERSION) {
        tracing::info!("the search index was not made by this version: it is made anew");
        db.write(async move |tx| {
            store::clear(tx).await?;
            store::set_reach(tx, 0).await?;
            store::set_version(tx, text::VERSION).await
        })
        .await?;
    }
    follow(db, IN_BULK).await
}

/// What the index lacks and what it has too much, each finding in words.
pub async fn verify(conn: &mut Conn) -> Result<Vec<String>> {
    let reach = store::reach(conn).await?;
    let lacking =
        store::unindexed(conn, reach.indexed).await?.into_iter().map(|id| format!("search: message {id} is not in the index"));
    let surplus =
        store::surplus(conn).await?.into_iter().map(|n| format!("search: entry {n} belongs to no message that is there"));
    Ok(lacking.chain(surplus).collect())
}
