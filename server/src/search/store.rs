//! The index's tables and what its hits are shown with. The one store that may speak an engine's own language.

mod hits;
pub(super) mod vectors;
mod words;

pub(super) use hits::{Hit, Passing, Spoken, Within, hits, narrowed, newest_bodies, passing, spoken, tags};
pub(super) use vectors::Standing;
pub(super) use words::{begun, count, counts, uncount};

use std::collections::HashMap;

use egida_text::Language;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::tongue;
use crate::base::db::{Direct, On, Result, Tx, set_setting, setting};

const INSERT: &str = "INSERT INTO message_index (rowid, terms) VALUES ($1, $2)";
const INSERT_FACT: &str = "INSERT INTO message_fact (n, place, language) VALUES ($1, $2, $3)";
const DELETE: &str = "INSERT INTO message_index (message_index, rowid, terms) VALUES ('delete', $1, $2)";
const DELETE_FACT: &str = "DELETE FROM message_fact WHERE n = $1";
const LANGUAGE: &str = "SELECT language FROM message_fact WHERE n = $1";
const OPTIMISE: &str = "INSERT INTO message_index (message_index) VALUES ('optimize')";
const CLEAR: [&str; 3] =
    ["INSERT INTO message_index (message_index) VALUES ('delete-all')", "DELETE FROM message_fact", "DELETE FROM message_term"];
/// The settings that say which text pipeline filled the index, and between which numbers it holds every message.
const PIPELINE: &str = "search.pipeline";
const FROM: &str = "search.from";
const REACH: &str = "search.reach";
const SPAN: &str = "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE key = $1), 0),
    coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE key = $2), 0), (SELECT coalesce(max(n), 0) FROM message)";
/// `CROSS JOIN` keeps the engine at the messages first: by way of the channels it would look at every message there is.
const BODIES: &str = "SELECT m.n, c.number, m.marking, m.author, m.body, a.country
    FROM message m CROSS JOIN channel c ON c.id = m.channel CROSS JOIN account a ON a.id = m.author";
const AFTER: &str = "WHERE m.n > $1 AND m.deleted_at IS NULL ORDER BY m.n LIMIT $2";
const BEFORE: &str = "WHERE m.n <= $1 AND m.deleted_at IS NULL ORDER BY m.n DESC LIMIT $2";
const UNINDEXED: &str = "SELECT m.id FROM message m WHERE m.deleted_at IS NULL AND m.n > $1 AND m.n <= $2
    AND NOT EXISTS (SELECT 1 FROM message_fact f WHERE f.n = m.n) ORDER BY m.n LIMIT 20";
const SURPLUS: &str = "SELECT f.n FROM message_fact f
    WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.n = f.n AND m.deleted_at IS NULL) ORDER BY f.n LIMIT 20";
/// As the directory finds people: hyphens and apostrophes part a name's words.
const AUTHORS: &str = "SELECT id FROM account
    WHERE ' ' || replace(replace(replace(name_key, '-', ' '), '''', ' '), '’', ' ') LIKE $1 LIMIT $2";
const READER: &str = "SELECT a.language AS screen, a.country, e.speaks AS spoken
    FROM account a LEFT JOIN directory_entry e ON e.account = a.id WHERE a.id = $1";
/// The first message of a time: ids sort by time.
const FIRST_SINCE: &str = "SELECT n FROM message WHERE id >= $1 ORDER BY id LIMIT 1";

/// A message as it is to be indexed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Unindexed {
    pub(super) n: i64,
    /// Of its channel.
    pub(super) number: i64,
    pub(super) marking: String,
    pub(super) author: Uuid,
    pub(super) body: String,
    /// Where its author works.
    pub(super) country: Option<String>,
}

/// What is put into the index of a message.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) n: i64,
    /// See the table `message_fact`.
    pub(super) place: i64,
    pub(super) language: i64,
    pub(super) terms: Vec<String>,
}

/// Puts messages into the index, none of which it holds.
pub(super) fn insert(direct: &mut Direct<'_>, rows: &[Row]) -> Result<()> {
    let mut counts: HashMap<&str, i64> = HashMap::new();
    for row in rows {
        direct.execute(INSERT, &[&row.n, &row.terms.join(" ")])?;
        direct.execute(INSERT_FACT, &[&row.n, &row.place, &row.language])?;
        for term in &row.terms {
            *counts.entry(term).or_default() += 1;
        }
    }
    counts.into_iter().try_for_each(|(term, of_it)| count(direct, term, of_it))
}

/// Takes a message out that was put in with these terms.
pub(super) fn delete(direct: &mut Direct<'_>, n: i64, terms: &[String]) -> Result<()> {
    direct.execute(DELETE, &[&n, &terms.join(" ")])?;
    direct.execute(DELETE_FACT, &[&n])?;
    uncount(direct, terms)
}

/// The language in which a message was indexed.
pub(super) async fn language(conn: &mut impl On, n: i64) -> Result<Option<i64>> {
    Ok(on!(conn, c => sqlx::query_scalar(LANGUAGE).bind(n).fetch_optional(c))?)
}

pub(super) async fn optimise(tx: &mut Tx) -> Result<()> {
    on!(tx, c => sqlx::query(OPTIMISE).execute(c))?;
    Ok(())
}

pub(super) async fn clear(tx: &mut Tx) -> Result<()> {
    for statement in CLEAR {
        on!(tx, c => sqlx::query(statement).execute(c))?;
    }
    Ok(())
}

pub(super) async fn version(conn: &mut impl On) -> Result<Option<String>> {
    setting(conn, PIPELINE).await
}

pub(super) async fn set_version(tx: &mut Tx, version: &str) -> Result<()> {
    set_setting(tx, PIPELINE, version).await
}

/// Which messages the index holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// The number after which it holds every message that is there; 0 unless it is being made anew.
    pub(super) from: i64,
    /// And up to which.
    pub(super) reach: i64,
    /// That of the newest message.
    pub(super) newest: i64,
}

impl Span {
    /// Whether the index holds the message of this number, if it is there.
    pub(super) fn holds(self, n: i64) -> bool {
        self.from < n && n <= self.reach
    }
}

pub(super) async fn span(conn: &mut impl On) -> Result<Span> {
    let (from, reach, newest) = on!(conn, c => sqlx::query_as(SPAN).bind(FROM).bind(REACH).fetch_one(c))?;
    Ok(Span { from, reach, newest })
}

pub(super) async fn set_reach(tx: &mut Tx, reach: i64) -> Result<()> {
    set_setting(tx, REACH, &reach.to_string()).await
}

pub(super) async fn set_from(tx: &mut Tx, from: i64) -> Result<()> {
    set_setting(tx, FROM, &from.to_string()).await
}

/// The next messages after a number, oldest first.
pub(super) async fn after(conn: &mut impl On, n: i64, limit: i64) -> Result<Vec<Unindexed>> {
    bodies(conn, AFTER, n, limit).await
}

/// The messages up to a number, newest first.
pub(super) async fn before(conn: &mut impl On, n: i64, limit: i64) -> Result<Vec<Unindexed>> {
    bodies(conn, BEFORE, n, limit).await
}

async fn bodies(conn: &mut impl On, which: &str, n: i64, limit: i64) -> Result<Vec<Unindexed>> {
    let sql = format!("{BODIES} {which}");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql.clone())).bind(n).bind(limit).fetch_all(c))?)
}

/// Messages that the index should hold and doesn't (twenty at most).
pub(super) async fn unindexed(conn: &mut impl On, span: Span) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(UNINDEXED).bind(span.from).bind(span.reach).fetch_all(c))?)
}

/// Numbers of entries that no message has, or a deleted one (twenty at most).
pub(super) async fn surplus(conn: &mut impl On) -> Result<Vec<i64>> {
    Ok(on!(conn, c => sqlx::query_scalar(SURPLUS).fetch_all(c))?)
}

/// Accounts of whose name a word begins with `part`: folded words with single blanks between them, so that it holds
/// nothing that `LIKE` would read.
pub(super) async fn authors(conn: &mut impl On, part: &str, limit: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(AUTHORS).bind(format!("% {part}%")).bind(limit).fetch_all(c))?)
}

/// What somebody reads in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Reader {
    /// The language of the screen.
    pub(super) screen: String,
    country: Option<String>,
    /// What the directory says that they speak, between spaces.
    spoken: Option<String>,
}

impl Reader {
    /// That of the country one works in, what one says that one speaks, that of the screen.
    pub(super) fn languages(&self) -> Vec<Language> {
        let spoken = self.spoken.as_deref().unwrap_or_default().split_whitespace();
        let spoken = spoken.chain([self.screen.as_str()]).filter_map(Language::of_code);
        let mut languages: Vec<Language> = Vec::new();
        for language in self.country.as_deref().and_then(tongue).into_iter().chain(spoken) {
            if !languages.contains(&language) {
                languages.push(language);
            }
        }
        languages
    }
}

pub(super) async fn reader(conn: &mut impl On, account: Uuid) -> Result<Reader> {
    Ok(on!(conn, c => sqlx::query_as(READER).bind(account).fetch_one(c))?)
}

/// The number of the first message posted at or after a time (microseconds); `None` if there is none.
pub(super) async fn first_since(conn: &mut impl On, at: i64) -> Result<Option<i64>> {
    let millis = u64::try_from(at / 1000).unwrap_or(0);
    let first = uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid();
    Ok(on!(conn, c => sqlx::query_scalar(FIRST_SINCE).bind(first).fetch_optional(c))?)
}
