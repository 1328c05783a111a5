//! Finding what was said. The index row is written in the posting transaction; permission is part of the index query.
//!
//! Others call: [`Entry`], [`index`] and [`unindex`] inside their transactions, [`router`] to serve, [`refill`] when the
//! text pipeline has changed, [`optimise`] after a bulk load.

mod excerpt;
mod http;
mod look;
mod query;
mod store;

pub use http::router;

use uuid::Uuid;

use crate::access::handling::RED;
use crate::base::db::{Conn, Db, Direct, Result, Tx};
use crate::base::text;

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

/// Puts a message into the index.
pub async fn index(tx: &mut Tx, n: i64, entry: &Entry) -> Result<()> {
    store::insert(tx, n, &entry.keys, &entry.text).await
}

/// The same without awaiting.
pub fn index_directly(direct: &mut Direct<'_>, n: i64, entry: &Entry) -> Result<()> {
    store::insert_directly(direct, n, &entry.keys, &entry.text)
}

/// Takes a message out, its terms included.
pub async fn unindex(tx: &mut Tx, n: i64, entry: &Entry) -> Result<()> {
    store::delete(tx, n, &entry.keys, &entry.text).await
}

/// Merges the index after a bulk load; otherwise every later post pays for it.
pub async fn optimise(db: &Db) -> Result<()> {
    db.write(async move |tx| store::optimise(tx).await).await
}

/// Fills the index anew if another version of the text pipeline has filled it.
pub async fn refill(db: &Db) -> Result<()> {
    if store::version(&mut db.read().await?).await?.as_deref() == Some(text::VERSION) {
        return Ok(());
    }
    tracing::info!("the search index was not made by this version: it is made anew");
    let mut after = 0;
    db.write(async move |tx| store::clear(tx).await).await?;
    loop {
        let rows = store::bodies(&mut db.read().await?, after).await?;
        let Some(last) = rows.last().map(|row| row.0) else { break };
        db.write(async move |tx| {
            for (n, channel, marking, author, body) in &rows {
                index(tx, *n, &Entry::new(*channel, marking, *author, body)).await?;
            }
            Ok::<(), crate::base::db::Error>(())
        })
        .await?;
        after = last;
    }
    db.write(async move |tx| store::set_version(tx, text::VERSION).await).await
}

/// What the index lacks and what it has too much, each finding in words.
pub async fn verify(conn: &mut Conn) -> Result<Vec<String>> {
    let lacking = store::unindexed(conn).await?.into_iter().map(|id| format!("search: message {id} is not in the index"));
    let surplus =
        store::surplus(conn).await?.into_iter().map(|n| format!("search: entry {n} belongs to no message that is there"));
    Ok(lacking.chain(surplus).collect())
}
