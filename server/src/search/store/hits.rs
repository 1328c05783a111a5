//! What the index finds, and what it is shown with.

use std::fmt::Write;

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::base::db::{On, Result};
use crate::search::query::{Content, Query};

const NEWEST: &str = "SELECT m.body FROM message_fact f CROSS JOIN message m ON m.n = f.n
    WHERE f.place IN (SELECT value FROM json_each($1)) AND m.deleted_at IS NULL AND m.labels IS NULL
    ORDER BY f.n DESC LIMIT $2";
/// Hits between two numbers in the places one may look into, newest first. `CROSS JOIN` keeps the engine at the index first,
/// whose order is the one that is wanted: it stops at the last hit that is.
/// They come in one row: hundreds of rows take longer to be handed over than to be found.
const PASSING: &str = "SELECT coalesce(group_concat(n || ' ' || place || ' ' || language, ','), '') FROM (
    SELECT f.n, f.place, f.language
    FROM message_index CROSS JOIN message_fact f ON f.n = message_index.rowid
    WHERE message_index MATCH $1 AND message_index.rowid < $2 AND message_index.rowid >= $3
        AND f.place IN (SELECT value FROM json_each($4))
        AND ($5 IS NULL OR f.language IN (SELECT value FROM json_each($5)))
    ORDER BY message_index.rowid DESC LIMIT $6)";
const NARROWED: &str = "SELECT m.n, m.body, m.marking, c.marking AS channel_marking
    FROM json_each($1) w CROSS JOIN message m ON m.n = w.value CROSS JOIN topic t ON t.id = m.topic
        CROSS JOIN channel c ON c.id = m.channel
    WHERE m.deleted_at IS NULL";
const TAGGED: &str = "SELECT EXISTS (SELECT 1 FROM topic_tag)";
const TAGS: &str = "SELECT m.n, g.kind, g.value FROM json_each($1) w CROSS JOIN message m ON m.n = w.value
    CROSS JOIN topic_tag g ON g.topic = m.topic";
const HITS: &str =
    "SELECT m.n, m.id, m.channel, m.topic, m.seq, m.author, a.name AS author_name, m.posted_at, m.marking, m.labels, m.body,
        t.title AS topic_title, c.name_en, c.name_fr, c.marking AS channel_marking
    FROM json_each($1) w CROSS JOIN message m ON m.n = w.value CROSS JOIN topic t ON t.id = m.topic
        CROSS JOIN channel c ON c.id = m.channel CROSS JOIN account a ON a.id = m.author
    WHERE m.deleted_at IS NULL ORDER BY m.n DESC";

const WITH_ALL: &str = "SELECT m.id, m.channel, m.body, m.marking, c.marking AS channel_marking
    FROM message_index CROSS JOIN message m ON m.n = message_index.rowid CROSS JOIN channel c ON c.id = m.channel
    WHERE message_index MATCH $1 AND m.deleted_at IS NULL ORDER BY message_index.rowid DESC LIMIT $2";

/// A message with its words, for comparing them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::search) struct Spoken {
    pub(in crate::search) id: Uuid,
    pub(in crate::search) channel: Uuid,
    pub(in crate::search) body: String,
    pub(in crate::search) marking: String,
    pub(in crate::search) channel_marking: String,
}

/// Messages of all channels that an index query finds, newest first. Not for anybody's eyes.
pub(in crate::search) async fn spoken(conn: &mut impl On, expression: &str, limit: i64) -> Result<Vec<Spoken>> {
    Ok(on!(conn, c => sqlx::query_as(WITH_ALL).bind(expression).bind(limit).fetch_all(c))?)
}

/// A message that the index finds in a place one may look into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(in crate::search) struct Passing {
    pub(in crate::search) n: i64,
    pub(in crate::search) place: i64,
    pub(in crate::search) language: i64,
}

/// Where is looked: below a number and from another on, in these places, in these languages if any are named.
#[derive(Clone, Debug)]
pub(in crate::search) struct Within {
    pub(in crate::search) below: i64,
    pub(in crate::search) from: i64,
    /// Lists in JSON.
    pub(in crate::search) places: String,
    pub(in crate::search) languages: Option<String>,
}

/// What an index query finds there, newest first.
pub(in crate::search) async fn passing(
    conn: &mut impl On,
    expression: &str,
    within: &Within,
    limit: i64,
) -> Result<Vec<Passing>> {
    let found: String = on!(conn, c => sqlx::query_scalar(PASSING).bind(expression).bind(within.below).bind(within.from)
        .bind(&within.places).bind(within.languages.as_deref()).bind(limit).fetch_one(c))?;
    let mut passing: Vec<Passing> = found.split(',').filter_map(read).collect();
    passing.sort_by_key(|hit| std::cmp::Reverse(hit.n));
    Ok(passing)
}

fn read(numbers: &str) -> Option<Passing> {
    let mut numbers = numbers.split(' ').map(str::parse);
    let mut next = || numbers.next()?.ok();
    Some(Passing { n: next()?, place: next()?, language: next()? })
}

/// A message as what the index doesn't know is asked of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::search) struct Asked {
    pub(in crate::search) n: i64,
    pub(in crate::search) body: String,
    pub(in crate::search) marking: String,
    pub(in crate::search) channel_marking: String,
}

/// Which of these messages are as the query asks beyond its words.
pub(in crate::search) async fn narrowed(conn: &mut impl On, ns: &[i64], query: &Query) -> Result<Vec<Asked>> {
    let mut sql = String::from(NARROWED);
    if let Some(resolved) = query.resolved {
        sql.push_str(if resolved { " AND t.resolved_at IS NOT NULL" } else { " AND t.resolved_at IS NULL" });
    }
    if query.pinned {
        sql.push_str(" AND m.pinned_at IS NOT NULL");
    }
    for content in &query.contents {
        sql.push_str(match content {
            Content::Link => " AND (m.body LIKE '%http://%' OR m.body LIKE '%https://%')",
            Content::Mention => " AND m.mentions IS NOT NULL",
            Content::Quote => " AND m.quote IS NOT NULL",
        });
    }
    let mut values = Vec::new();
    for (kind, wanted) in [("country", &query.countries), ("theme", &query.themes)] {
        if wanted.is_empty() {
            continue;
        }
        values.push(serde_json::to_string(wanted).unwrap_or_default());
        let among = format!("IN (SELECT value FROM json_each(${}))", values.len() + 1);
        let tagged = format!("SELECT 1 FROM topic_tag g WHERE g.topic = t.id AND g.kind = '{kind}' AND g.value {among}");
        let _ = write!(sql, " AND (c.{kind} {among} OR EXISTS ({tagged}))");
    }
    sql.push_str(" ORDER BY m.n DESC");
    let ns = serde_json::to_string(ns).unwrap_or_default();
    on!(conn, c => {
        let mut statement = sqlx::query_as(AssertSqlSafe(sql.clone())).bind(&ns);
        for value in &values {
            statement = statement.bind(value);
        }
        statement.fetch_all(c)
    })
    .map_err(Into::into)
}

/// A message that was found.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::search) struct Hit {
    pub(in crate::search) n: i64,
    pub(in crate::search) id: Uuid,
    pub(in crate::search) channel: Uuid,
    pub(in crate::search) topic: Uuid,
    pub(in crate::search) seq: i64,
    pub(in crate::search) author: Uuid,
    pub(in crate::search) author_name: String,
    pub(in crate::search) posted_at: i64,
    pub(in crate::search) marking: String,
    pub(in crate::search) channel_marking: String,
    pub(in crate::search) labels: Option<String>,
    pub(in crate::search) body: String,
    pub(in crate::search) topic_title: String,
    pub(in crate::search) name_en: Option<String>,
    pub(in crate::search) name_fr: Option<String>,
}

/// These messages, newest first.
pub(in crate::search) async fn hits(conn: &mut impl On, ns: &[i64]) -> Result<Vec<Hit>> {
    let ns = serde_json::to_string(ns).unwrap_or_default();
    Ok(on!(conn, c => sqlx::query_as(HITS).bind(&ns).fetch_all(c))?)
}

/// The tags of the topics in which these messages stand: number of the message, `country` or `theme`, value.
pub(in crate::search) async fn tags(conn: &mut impl On, ns: &[i64]) -> Result<Vec<(i64, String, String)>> {
    // The topic of a message is in the message: pages that are read for nothing where no topic has a tag.
    if !on!(conn, c => sqlx::query_scalar(TAGGED).fetch_one(c))? {
        return Ok(Vec::new());
    }
    let ns = serde_json::to_string(ns).unwrap_or_default();
    Ok(on!(conn, c => sqlx::query_as(TAGS).bind(&ns).fetch_all(c))?)
}

/// The newest bodies in these places that say nothing hard and restrict nothing.
pub(in crate::search) async fn newest_bodies(conn: &mut impl On, places: &str, limit: i64) -> Result<Vec<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(NEWEST).bind(places).bind(limit).fetch_all(c))?)
}
