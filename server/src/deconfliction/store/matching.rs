//! Comparisons of values that nobody shows.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const SESSIONS: &str =
    "SELECT m.id, m.asker, m.asking, m.answerer, m.answering, m.grounds, m.count_asked, m.state, m.band, m.asked_at,
    m.answered_at, m.ended_at FROM matching m";
const OF: &str = " WHERE m.asking = $1 OR m.answering = $1 ORDER BY m.asked_at DESC, m.id DESC LIMIT 100";
const ONE: &str = " WHERE m.id = $1";
const POINTS: &str = "SELECT asked_points, doubled_points, own_points FROM matching WHERE id = $1";
const RECENT: &str = "SELECT count(*) FROM matching
    WHERE ((asking = $1 AND answering = $2) OR (asking = $2 AND answering = $1)) AND asked_at > $3";
const INSERT: &str = "INSERT INTO matching (id, asker, asking, answering, grounds, count_asked, state, asked_points, asked_at)
    VALUES ($1, $2, $3, $4, $5, $6, 'asked', $7, $8)";
const ANSWER: &str =
    "UPDATE matching SET state = 'answered', answerer = $2, doubled_points = $3, own_points = $4, answered_at = $5
    WHERE id = $1 AND state = 'asked'";
const END: &str =
    "UPDATE matching SET state = $2, band = $3, ended_at = $4, asked_points = NULL, doubled_points = NULL, own_points = NULL
    WHERE id = $1 AND state IN ('asked', 'answered')";
const OVERDUE: &str = "SELECT id FROM matching WHERE state IN ('asked', 'answered') AND asked_at < $1 LIMIT 100";
const FORGET: &str = "DELETE FROM matching WHERE ended_at < $1";

/// A comparison without its points; its grounds are locked.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in super::super) struct SessionRow {
    pub(in super::super) id: Uuid,
    pub(in super::super) asker: Uuid,
    pub(in super::super) asking: Uuid,
    pub(in super::super) answerer: Option<Uuid>,
    pub(in super::super) answering: Uuid,
    pub(in super::super) grounds: Vec<u8>,
    pub(in super::super) count_asked: i64,
    pub(in super::super) state: String,
    pub(in super::super) band: Option<i64>,
    pub(in super::super) asked_at: i64,
    pub(in super::super) answered_at: Option<i64>,
    pub(in super::super) ended_at: Option<i64>,
}

/// The points of a comparison, as far as it has come: asked, doubled, own.
pub(in super::super) type Points = (Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>);

/// The comparisons that an organisation asked for or was asked for, the latest first.
pub(in super::super) async fn sessions(conn: &mut impl On, organisation: Uuid) -> Result<Vec<SessionRow>> {
    let sql = format!("{SESSIONS}{OF}");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(organisation).fetch_all(c))?)
}

/// A comparison, whoever takes part.
pub(in super::super) async fn session(conn: &mut impl On, id: Uuid) -> Result<Option<SessionRow>> {
    let sql = format!("{SESSIONS}{ONE}");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

pub(in super::super) async fn points(conn: &mut impl On, id: Uuid) -> Result<Option<Points>> {
    Ok(on!(conn, c => sqlx::query_as(POINTS).bind(id).fetch_optional(c))?)
}

/// How many comparisons two organisations began since then, whichever asked.
pub(in super::super) async fn recent(conn: &mut impl On, one: Uuid, other: Uuid, since: i64) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(RECENT).bind(one).bind(other).bind(since).fetch_one(c))?)
}

/// A comparison to be stored.
pub(in super::super) struct NewSession<'a> {
    pub(in super::super) id: Uuid,
    pub(in super::super) asker: Uuid,
    pub(in super::super) asking: Uuid,
    pub(in super::super) answering: Uuid,
    pub(in super::super) grounds: &'a [u8],
    pub(in super::super) count: i64,
    pub(in super::super) points: &'a [u8],
    pub(in super::super) at: i64,
}

pub(in super::super) async fn begin(tx: &mut Tx, new: &NewSession<'_>) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.id).bind(new.asker).bind(new.asking).bind(new.answering).bind(new.grounds).bind(new.count).bind(new.points)
        .bind(new.at).execute(c))?;
    Ok(())
}

/// Stores the answer. `false` if it is answered or over.
pub(in super::super) async fn answer(tx: &mut Tx, id: Uuid, by: Uuid, (doubled, own): (&[u8], &[u8]), at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(ANSWER).bind(id).bind(by).bind(doubled).bind(own).bind(at).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Ends a comparison, and erases all points of it. `false` if it is over.
pub(in super::super) async fn end(tx: &mut Tx, id: Uuid, state: &str, band: Option<i64>, at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(END).bind(id).bind(state).bind(band).bind(at).execute(c))?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    super::gone::note_gone(tx, id, at).await?;
    tx.erases();
    Ok(true)
}

/// Comparisons that were asked for before this and aren't over.
pub(in super::super) async fn overdue(conn: &mut impl On, before: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(OVERDUE).bind(before).fetch_all(c))?)
}

/// Erases what was over before this.
pub(in super::super) async fn forget_sessions(tx: &mut Tx, before: i64) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET).bind(before).execute(c))?;
    Ok(())
}
