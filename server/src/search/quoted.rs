//! Where words stand that somebody may have copied: asked across all channels, whoever may read them, so what comes of it is
//! for comparing and for nobody's eyes.

use std::collections::HashMap;

use uuid::Uuid;

use super::store;
use crate::access::handling::strictest;
use crate::base::db::{On, Result};

/// A message with its words.
#[derive(Clone, Debug)]
pub struct Said {
    /// The message.
    pub id: Uuid,
    /// Its channel.
    pub channel: Uuid,
    /// What it says, in Markdown.
    pub body: String,
    /// The stricter of its own marking and its channel's.
    pub marking: String,
}

/// Whether the index holds every message up to the last one it has taken in: it doesn't while it is made anew.
pub async fn is_whole(conn: &mut impl On) -> Result<bool> {
    Ok(store::span(conn).await?.from == 0)
}

/// How many messages have each of these folded words; a word that none has is left out.
pub async fn counts(conn: &mut impl On, words: &[&str]) -> Result<HashMap<String, i64>> {
    store::counts(conn, words).await
}

/// Messages that have all of these folded words, newest first. The index must have caught up.
pub async fn with_all(conn: &mut impl On, words: &[&str], limit: i64) -> Result<Vec<Said>> {
    let expression = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" AND ");
    let rows = store::spoken(conn, &expression, limit).await?;
    let said = |row: store::Spoken| Said {
        marking: strictest(&row.marking, &row.channel_marking).to_owned(),
        id: row.id,
        channel: row.channel,
        body: row.body,
    };
    Ok(rows.into_iter().map(said).collect())
}
