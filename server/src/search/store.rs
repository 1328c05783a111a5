//! The index's table and what its hits are shown with. The one store that may speak an engine's own language.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::query::Query;
use crate::base::db::{Direct, On, Result, Tx, set_setting, setting};

const INSERT: &str = "INSERT INTO message_index (rowid, keys, text) VALUES ($1, $2, $3)";
const DELETE: &str = "INSERT INTO message_index (message_index, rowid, keys, text) VALUES ('delete', $1, $2, $3)";
const OPTIMISE: &str = "INSERT INTO message_index (message_index) VALUES ('optimize')";
const CLEAR: &str = "INSERT INTO message_index (message_index) VALUES ('delete-all')";
/// The settings that say which text pipeline filled the index, and how far it reaches.
const PIPELINE: &str = "search.pipeline";
const REACHED: &str = "search.reach";
/// Up to which number the index holds every message, and the number of the newest.
const REACH: &str = "SELECT CAST(value AS INTEGER), (SELECT coalesce(max(n), 0) FROM message) FROM setting WHERE key = $1";
/// `CROSS JOIN` keeps the engine at the messages first: by way of the channels it would look at every message there is.
const BODIES: &str = "SELECT m.n, c.number, m.marking, m.author, m.body FROM message m CROSS JOIN channel c ON c.id = m.channel
    WHERE m.n > $1 AND m.deleted_at IS NULL ORDER BY m.n LIMIT $2";
const UNINDEXED: &str = "SELECT m.id FROM message m WHERE m.deleted_at IS NULL AND m.n <= $1
    AND NOT EXISTS (SELECT 1 FROM message_index_docsize d WHERE d.id = m.n) ORDER BY m.n LIMIT 20";
const SURPLUS: &str = "SELECT d.id FROM message_index_docsize d
    WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.n = d.id AND m.deleted_at IS NULL) ORDER BY d.id LIMIT 20";
/// As the directory finds people: hyphens and apostrophes part a name's words.
const AUTHORS: &str = "SELECT id FROM account
    WHERE ' ' || replace(replace(replace(name_key, '-', ' '), '''', ' '), '’', ' ') LIKE $1 LIMIT $2";
/// The first message of a time: ids sort by time.
const FIRST_SINCE: &str = "SELECT n FROM message WHERE id >= $1 ORDER BY id LIMIT 1";

/// The `$4`th hit of a query between two numbers, newest first.
const NTH: &str = "SELECT rowid FROM message_index WHERE message_index MATCH $1 AND rowid < $2 AND rowid >= $3
    ORDER BY rowid DESC LIMIT 1 OFFSET $4 - 1";
/// Hits between two numbers, newest first. `CROSS JOIN` keeps the engine at the index first, whose order is the one that is
/// wanted: it stops at the last hit that is.
const HITS: &str =
    "SELECT m.n, m.id, m.channel, m.topic, m.seq, m.author, a.name AS author_name, m.posted_at, m.marking, m.labels, m.body,
        t.title AS topic_title, c.name_en, c.name_fr, c.marking AS channel_marking
    FROM message_index CROSS JOIN message m ON m.n = message_index.rowid CROSS JOIN topic t ON t.id = m.topic
        CROSS JOIN channel c ON c.id = m.channel CROSS JOIN account a ON a.id = m.author
    WHERE message_index MATCH $1 AND message_index.rowid < $2 AND message_index.rowid >= $3 AND m.deleted_at IS NULL";

/// A message that was found.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Hit {
    pub(super) n: i64,
    pub(super) id: Uuid,
    pub(super) channel: Uuid,
    pub(super) topic: Uuid,
    pub(super) seq: i64,
    pub(super) author: Uuid,
    pub(super) author_name: String,
    pub(super) posted_at: i64,
    pub(super) marking: String,
    pub(super) channel_marking: String,
    pub(super) labels: Option<String>,
    pub(super) body: String,
    pub(super) topic_title: String,
    pub(super) name_en: Option<String>,
    pub(super) name_fr: Option<String>,
}

pub(super) fn insert(direct: &mut Direct<'_>, n: i64, keys: &str, text: &str) -> Result<()> {
    direct.execute(INSERT, &[&n, &keys, &text]).map(drop)
}

pub(super) async fn delete(tx: &mut Tx, n: i64, keys: &str, text: &str) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE).bind(n).bind(keys).bind(text).execute(c))?;
    Ok(())
}

pub(super) async fn optimise(tx: &mut Tx) -> Result<()> {
    on!(tx, c => sqlx::query(OPTIMISE).execute(c))?;
    Ok(())
}

pub(super) async fn clear(tx: &mut Tx) -> Result<()> {
    on!(tx, c => sqlx::query(CLEAR).execute(c))?;
    Ok(())
}

pub(super) async fn version(conn: &mut impl On) -> Result<Option<String>> {
    setting(conn, PIPELINE).await
}

pub(super) async fn set_version(tx: &mut Tx, version: &str) -> Result<()> {
    set_setting(tx, PIPELINE, version).await
}

/// How far the index reaches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// The number up to which it holds every message that is there.
    pub(super) indexed: i64,
    /// That of the newest message.
    pub(super) newest: i64,
}

pub(super) async fn reach(conn: &mut impl On) -> Result<Reach> {
    let (indexed, newest) = on!(conn, c => sqlx::query_as(REACH).bind(REACHED).fetch_one(c))?;
    Ok(Reach { indexed, newest })
}

pub(super) async fn set_reach(tx: &mut Tx, indexed: i64) -> Result<()> {
    set_setting(tx, REACHED, &indexed.to_string()).await
}

/// Number, channel number, marking, author and body of messages in order.
pub(super) async fn bodies(conn: &mut impl On, after: i64, limit: i64) -> Result<Vec<(i64, i64, String, Uuid, String)>> {
    Ok(on!(conn, c => sqlx::query_as(BODIES).bind(after).bind(limit).fetch_all(c))?)
}

/// Messages that the index should hold and doesn't (twenty at most).
pub(super) async fn unindexed(conn: &mut impl On, indexed: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(UNINDEXED).bind(indexed).fetch_all(c))?)
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

/// The number of the first message posted at or after a time (microseconds); `None` if there is none.
pub(super) async fn first_since(conn: &mut impl On, at: i64) -> Result<Option<i64>> {
    let millis = u64::try_from(at / 1000).unwrap_or(0);
    let first = uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid();
    Ok(on!(conn, c => sqlx::query_scalar(FIRST_SINCE).bind(first).fetch_optional(c))?)
}

/// The numbers between which is looked: below one, and from another on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Between {
    pub(super) below: i64,
    pub(super) from: i64,
}

/// The number of the `nth` hit of an index query, newest first, whatever else is asked of it; `None` if there are fewer.
pub(super) async fn nth(conn: &mut impl On, expression: &str, between: Between, nth: i64) -> Result<Option<i64>> {
    let Between { below, from } = between;
    Ok(on!(conn, c => sqlx::query_scalar(NTH).bind(expression).bind(below).bind(from).bind(nth).fetch_optional(c))?)
}

/// Hits of an index query that are as the query asks, newest first.
pub(super) async fn hits(conn: &mut impl On, expression: &str, query: &Query, between: Between, limit: i64) -> Result<Vec<Hit>> {
    let mut sql = String::from(HITS);
    if let Some(resolved) = query.resolved {
        sql.push_str(if resolved { " AND t.resolved_at IS NOT NULL" } else { " AND t.resolved_at IS NULL" });
    }
    let mut place = 5;
    let mut tagged = |kind: &str, values: &[String]| {
        for _ in values {
            let condition = format!(
                " AND (c.{kind} = ${place} OR EXISTS (SELECT 1 FROM topic_tag g WHERE g.topic = t.id AND g.kind = '{kind}' AND g.value = ${place}))"
            );
            sql.push_str(&condition);
            place += 1;
        }
    };
    tagged("country", &query.countries);
    tagged("theme", &query.themes);
    sql.push_str(" ORDER BY message_index.rowid DESC LIMIT $4");
    on!(conn, c => {
        let mut statement =
            sqlx::query_as(AssertSqlSafe(sql.clone())).bind(expression).bind(between.below).bind(between.from).bind(limit);
        for value in query.countries.iter().chain(&query.themes) {
            statement = statement.bind(value);
        }
        statement.fetch_all(c)
    })
    .map_err(Into::into)
}
