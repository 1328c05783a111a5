//! Sources that were asked to lower something of theirs.

use uuid::Uuid;

use super::By;
use crate::base::db::{On, Result, Tx};

const COLUMNS: &str = "SELECT q.id, q.issue, i.number, q.kind, q.thing, q.title, q.source, s.name AS source_name, q.asked_at,
        q.asked_by, a.name AS asked_name, q.state, q.answered_at, q.reason
    FROM newsletter_request q JOIN newsletter_issue i ON i.id = q.issue JOIN account s ON s.id = q.source
        JOIN account a ON a.id = q.asked_by";
const INSERT: &str = "INSERT INTO newsletter_request (id, issue, kind, thing, title, source, asked_at, asked_by, state)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open') ON CONFLICT (kind, thing) DO NOTHING";
const ANSWER: &str = "UPDATE newsletter_request SET state = $2, answered_at = $3, reason = $4 WHERE id = $1 AND state = 'open'";
const OPEN: &str = "SELECT count(*) FROM newsletter_request WHERE source = $1 AND state = 'open'";

/// A request.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::newsletter) struct Request {
    pub(in crate::newsletter) id: Uuid,
    pub(in crate::newsletter) issue: Uuid,
    /// That of its issue.
    pub(in crate::newsletter) number: i64,
    pub(in crate::newsletter) kind: String,
    pub(in crate::newsletter) thing: Uuid,
    pub(in crate::newsletter) title: String,
    pub(in crate::newsletter) source: Uuid,
    pub(in crate::newsletter) source_name: String,
    pub(in crate::newsletter) asked_at: i64,
    pub(in crate::newsletter) asked_by: Uuid,
    pub(in crate::newsletter) asked_name: String,
    pub(in crate::newsletter) state: String,
    pub(in crate::newsletter) answered_at: Option<i64>,
    pub(in crate::newsletter) reason: Option<String>,
}

/// Requests, the latest first: of an issue or of all, to a source or to all, before one of them.
pub(in crate::newsletter) async fn requests(
    conn: &mut impl On,
    issue: Option<Uuid>,
    source: Option<Uuid>,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Request>> {
    let sql = format!(
        "{COLUMNS} WHERE ($1 IS NULL OR q.issue = $1) AND ($2 IS NULL OR q.source = $2) AND ($3 IS NULL OR q.id < $3)
        ORDER BY q.id DESC LIMIT $4"
    );
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(issue).bind(source).bind(before).bind(limit).fetch_all(c))?)
}

pub(in crate::newsletter) async fn request(conn: &mut impl On, id: Uuid) -> Result<Option<Request>> {
    let sql = format!("{COLUMNS} WHERE q.id = $1");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

/// The request about a thing, whatever issue it was for.
pub(in crate::newsletter) async fn request_about(conn: &mut impl On, kind: &str, thing: Uuid) -> Result<Option<Request>> {
    let sql = format!("{COLUMNS} WHERE q.kind = $1 AND q.thing = $2");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(kind).bind(thing).fetch_optional(c))?)
}

/// Asks a source. `false` if it was asked before.
pub(in crate::newsletter) async fn ask(
    tx: &mut Tx,
    id: Uuid,
    issue: Uuid,
    about: (&str, Uuid, &str),
    source: Uuid,
    by: By,
) -> Result<bool> {
    let (kind, thing, title) = about;
    let done = on!(tx, c => sqlx::query(INSERT).bind(id).bind(issue).bind(kind).bind(thing).bind(title).bind(source).bind(by.at)
        .bind(by.account).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Answers a request. `false` if it was answered before.
pub(in crate::newsletter) async fn answer(tx: &mut Tx, id: Uuid, state: &str, reason: Option<&str>, at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(ANSWER).bind(id).bind(state).bind(at).bind(reason).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// How many requests to somebody wait for an answer.
pub(in crate::newsletter) async fn open_requests(conn: &mut impl On, source: Uuid) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(OPEN).bind(source).fetch_one(c))?)
}
