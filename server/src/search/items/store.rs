//! Items as they are to be found, and their place in the index.

use sqlx::FromRow;
use uuid::Uuid;

use crate::base::db::{Direct, On, Result, Tx};
use crate::findable::Kind;
use crate::search::store::{count, uncount};

const INSERT: &str = "INSERT INTO item_text (n, kind, id, title, body, language, tokens, at, indexed)
    VALUES (coalesce($1, (SELECT coalesce(max(n), 0) + 1 FROM item_text)), $2, $3, $4, $5, $6, $7, $8, TRUE) RETURNING n";
const ROW: &str = "SELECT n, kind, id, title, body, language, tokens, at, indexed FROM item_text WHERE kind = $1 AND id = $2";
const DELETE: &str = "DELETE FROM item_text WHERE n = $1";
const CLEARED: &str = "UPDATE item_text SET indexed = FALSE";
const LACKING: &str = "SELECT n, kind, id, title, body, language, tokens, at, indexed FROM item_text WHERE NOT indexed
    ORDER BY n DESC LIMIT $1";
const IS_INDEXED: &str = "UPDATE item_text SET indexed = TRUE WHERE n = $1";
const PUT_IN: &str = "INSERT INTO message_index (rowid, terms) VALUES ($1, $2)";
const TAKE_OUT: &str = "INSERT INTO message_index (message_index, rowid, terms) VALUES ('delete', $1, $2)";
/// The newest come first: they stand under the smallest numbers.
const PASSING: &str = "SELECT i.kind, i.id, i.title, i.language FROM (
        SELECT rowid AS place FROM message_index WHERE message_index MATCH $1 AND rowid < 0 ORDER BY rowid LIMIT $2
    ) p CROSS JOIN item_text i ON i.n = -p.place WHERE $3 IS NULL OR i.language IN (SELECT value FROM json_each($3))";

/// Which of these questions find anything among items.
const ANSWERED: &str = "SELECT q.key FROM json_each($1) q WHERE EXISTS (
        SELECT 1 FROM message_index WHERE message_index MATCH q.value AND rowid < 0)";

/// An item as it is to be found.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Row {
    pub(super) kind: String,
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) language: i64,
    pub(super) tokens: String,
    pub(super) at: i64,
}

/// The same with its number, and whether the index has it.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Stored {
    pub(super) n: i64,
    #[sqlx(flatten)]
    pub(super) row: Row,
    pub(super) indexed: bool,
}

/// An item that the index finds.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Passing {
    pub(super) kind: String,
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) language: i64,
}

/// Stores an item under this number, or the next one.
pub(super) async fn insert(tx: &mut Tx, n: Option<i64>, row: &Row) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(INSERT).bind(n).bind(&row.kind).bind(row.id).bind(&row.title).bind(&row.body)
        .bind(row.language).bind(&row.tokens).bind(row.at).fetch_one(c))?)
}

pub(super) async fn row(tx: &mut Tx, kind: Kind, id: Uuid) -> Result<Option<Stored>> {
    Ok(on!(tx, c => sqlx::query_as(ROW).bind(kind.as_str()).bind(id).fetch_optional(c))?)
}

pub(super) async fn delete(tx: &mut Tx, n: i64) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE).bind(n).execute(c))?;
    Ok(())
}

/// Notes that the index holds none of them.
pub(super) async fn cleared(tx: &mut Tx) -> Result<()> {
    on!(tx, c => sqlx::query(CLEARED).execute(c))?;
    Ok(())
}

/// Some that the index lacks, newest first.
pub(super) async fn lacking(tx: &mut Tx, limit: i64) -> Result<Vec<Stored>> {
    Ok(on!(tx, c => sqlx::query_as(LACKING).bind(limit).fetch_all(c))?)
}

pub(super) async fn is_indexed(tx: &mut Tx, n: i64) -> Result<()> {
    on!(tx, c => sqlx::query(IS_INDEXED).bind(n).execute(c))?;
    Ok(())
}

pub(super) fn put_in(direct: &mut Direct<'_>, n: i64, terms: &[String]) -> Result<()> {
    direct.execute(PUT_IN, &[&-n, &terms.join(" ")])?;
    terms.iter().try_for_each(|term| count(direct, term, 1))
}

pub(super) fn take_out(direct: &mut Direct<'_>, n: i64, terms: &[String]) -> Result<()> {
    direct.execute(TAKE_OUT, &[&-n, &terms.join(" ")])?;
    uncount(direct, terms)
}

/// What an index query finds, in these languages if any are named, newest first.
pub(super) async fn passing(conn: &mut impl On, expression: &str, languages: Option<&str>, limit: i64) -> Result<Vec<Passing>> {
    Ok(on!(conn, c => sqlx::query_as(PASSING).bind(expression).bind(limit).bind(languages).fetch_all(c))?)
}

/// The places of those index queries that find anything.
pub(super) async fn answered(conn: &mut impl On, expressions: &[String]) -> Result<Vec<i64>> {
    let list = serde_json::to_string(expressions).unwrap_or_default();
    Ok(on!(conn, c => sqlx::query_scalar(ANSWERED).bind(&list).fetch_all(c))?)
}
