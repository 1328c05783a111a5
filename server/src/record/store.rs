//! Signed heads, and how far the channels had come when they were signed.

use uuid::Uuid;

use super::head::Mark;
use crate::base::db::{On, Result, Tx};

const NEXT: &str = "SELECT coalesce(max(head), 0) + 1 FROM record_head";
const INSERT: &str = "INSERT INTO record_head (head, at, line) VALUES ($1, $2, $3)";
/// Only channels that have moved since they were last marked.
const MARK: &str = "INSERT INTO record_mark (channel, head, seq, hash)
    SELECT $1, $2, $3, $4 WHERE coalesce((SELECT k.seq FROM record_mark k WHERE k.channel = $1 ORDER BY k.head DESC LIMIT 1), -1) <> $3";
const WAITING: &str = "SELECT head, line FROM record_head WHERE delivered_at IS NULL ORDER BY head LIMIT $1";
const DELIVERED: &str = "UPDATE record_head SET delivered_at = $2 WHERE head <= $1 AND delivered_at IS NULL";
const LAST: &str = "SELECT head, at, delivered_at FROM record_head ORDER BY head DESC LIMIT 1";
const LAST_DELIVERED: &str =
    "SELECT head, at, delivered_at FROM record_head WHERE delivered_at IS NOT NULL ORDER BY head DESC LIMIT 1";
const FIRST_WAITING: &str = "SELECT min(at), count(*) FROM record_head WHERE delivered_at IS NULL";
const LINES: &str = "SELECT line FROM record_head ORDER BY head";
const LINE: &str = "SELECT line FROM record_head WHERE head = $1";
const MARKS: &str = "SELECT k.channel, k.seq, k.hash FROM record_mark k
    WHERE k.head = (SELECT max(j.head) FROM record_mark j WHERE j.channel = k.channel AND j.head <= $1) ORDER BY k.channel";

/// A signed head as it is kept here.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Kept {
    pub(super) head: i64,
    pub(super) at: i64,
    pub(super) delivered_at: Option<i64>,
}

/// The number of the next head.
pub(super) async fn next(tx: &mut Tx) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(NEXT).fetch_one(c))?)
}

pub(super) async fn insert(tx: &mut Tx, head: i64, at: i64, line: &str) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT).bind(head).bind(at).bind(line).execute(c))?;
    Ok(())
}

pub(super) async fn mark(tx: &mut Tx, head: i64, mark: &Mark) -> Result<()> {
    on!(tx, c => sqlx::query(MARK).bind(mark.channel).bind(head).bind(mark.seq).bind(&mark.hash).execute(c))?;
    Ok(())
}

/// Heads that have yet to arrive, oldest first.
pub(super) async fn waiting(conn: &mut impl On, limit: i64) -> Result<Vec<(i64, String)>> {
    Ok(on!(conn, c => sqlx::query_as(WAITING).bind(limit).fetch_all(c))?)
}

/// Notes that the heads up to this one have arrived.
pub(super) async fn delivered(tx: &mut Tx, head: i64, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(DELIVERED).bind(head).bind(at).execute(c))?;
    Ok(())
}

pub(super) async fn last(conn: &mut impl On) -> Result<Option<Kept>> {
    Ok(on!(conn, c => sqlx::query_as(LAST).fetch_optional(c))?)
}

pub(super) async fn last_delivered(conn: &mut impl On) -> Result<Option<Kept>> {
    Ok(on!(conn, c => sqlx::query_as(LAST_DELIVERED).fetch_optional(c))?)
}

/// When the oldest head was signed that has yet to arrive (microseconds), and how many have.
pub(super) async fn first_waiting(conn: &mut impl On) -> Result<(Option<i64>, i64)> {
    Ok(on!(conn, c => sqlx::query_as(FIRST_WAITING).fetch_one(c))?)
}

/// The lines of all heads, in order.
pub(super) async fn lines(conn: &mut impl On) -> Result<Vec<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(LINES).fetch_all(c))?)
}

pub(super) async fn line(conn: &mut impl On, head: i64) -> Result<Option<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(LINE).bind(head).fetch_optional(c))?)
}

/// How far every channel had come when a head was signed, by channel.
pub(super) async fn marks(conn: &mut impl On, head: i64) -> Result<Vec<Mark>> {
    let rows: Vec<(Uuid, i64, Vec<u8>)> = on!(conn, c => sqlx::query_as(MARKS).bind(head).fetch_all(c))?;
    Ok(rows.into_iter().map(|(channel, seq, hash)| Mark { channel, seq, hash }).collect())
}
