//! What was asked for, and what became of it.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const COLUMNS: &str =
    "SELECT p.id, p.what, p.upto, p.reason, p.asked_by, a.name AS asked_name, p.asked_at, p.expires_at, p.state,
        p.decided_by, d.name AS decided_name, p.decided_at
    FROM approval p JOIN account a ON a.id = p.asked_by LEFT JOIN account d ON d.id = p.decided_by";
/// What may still come to something first, the most urgent at the top; of the rest the latest.
const SINCE: &str = "WHERE p.expires_at > $1 ORDER BY p.state NOT IN ('waiting', 'approved') OR p.expires_at <= $2,
        CASE WHEN p.state IN ('waiting', 'approved') AND p.expires_at > $2 THEN p.expires_at ELSE -p.asked_at END LIMIT 2000";
const ENDED: &str = "SELECT EXISTS (SELECT 1 FROM approval WHERE expires_at <= $1)";
const FORGET: &str = "DELETE FROM approval WHERE expires_at <= $1";
const OPEN: &str = "SELECT count(*) FROM approval WHERE asked_by = $1 AND state IN ('waiting', 'approved') AND expires_at > $2";
const INSERT: &str = "INSERT INTO approval (id, what, upto, reason, asked_by, asked_at, expires_at, state)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting')";
/// Approved is what waits; refused also what was approved and not yet done.
const APPROVE: &str = "UPDATE approval SET state = 'approved', decided_by = $2, decided_at = $3
    WHERE id = $1 AND state = 'waiting' AND expires_at > $3 AND asked_by <> $2";
const REFUSE: &str = "UPDATE approval SET state = 'refused', decided_by = $2, decided_at = $3
    WHERE id = $1 AND state IN ('waiting', 'approved') AND expires_at > $3 AND asked_by <> $2";
const WITHDRAW: &str = "UPDATE approval SET state = 'withdrawn'
    WHERE id = $1 AND state IN ('waiting', 'approved') AND expires_at > $3 AND asked_by = $2";
/// Once: by who has asked for it, as it was approved by that other person.
const USE: &str = "UPDATE approval SET state = 'used', used_at = $4
    WHERE id = $1 AND state = 'approved' AND asked_by = $2 AND decided_by = $3 AND expires_at > $4";

/// Something that was asked for.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Approval {
    pub(super) id: Uuid,
    pub(super) what: String,
    pub(super) upto: i64,
    pub(super) reason: Vec<u8>,
    pub(super) asked_by: Uuid,
    pub(super) asked_name: String,
    pub(super) asked_at: i64,
    pub(super) expires_at: i64,
    pub(super) state: String,
    pub(super) decided_by: Option<Uuid>,
    pub(super) decided_name: Option<String>,
    pub(super) decided_at: Option<i64>,
}

/// What is asked for now.
pub(super) struct New<'a> {
    pub(super) id: Uuid,
    pub(super) what: &'a str,
    /// The last change of its channel, if it is about one: nothing that was said later is taken out.
    pub(super) upto: i64,
    pub(super) reason: &'a [u8],
    pub(super) by: Uuid,
    pub(super) at: i64,
    pub(super) expires_at: i64,
}

/// What ends, or has ended, after `since`.
pub(super) async fn asked(conn: &mut impl On, since: i64, now: i64) -> Result<Vec<Approval>> {
    let sql = format!("{COLUMNS} {SINCE}");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(since).bind(now).fetch_all(c))?)
}

pub(super) async fn one(conn: &mut impl On, id: Uuid) -> Result<Option<Approval>> {
    let sql = format!("{COLUMNS} WHERE p.id = $1");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

/// How much somebody has asked for that may still come to something.
pub(super) async fn open(conn: &mut impl On, account: Uuid, now: i64) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(OPEN).bind(account).bind(now).fetch_one(c))?)
}

/// Whether something has ended before `since`.
pub(super) async fn has_ended(conn: &mut impl On, since: i64) -> Result<bool> {
    Ok(on!(conn, c => sqlx::query_scalar(ENDED).bind(since).fetch_one(c))?)
}

/// Erases what has ended before `since`.
pub(super) async fn forget(tx: &mut Tx, since: i64) -> Result<()> {
    tx.erases();
    on!(tx, c => sqlx::query(FORGET).bind(since).execute(c))?;
    Ok(())
}

pub(super) async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.id).bind(new.what).bind(new.upto).bind(new.reason).bind(new.by).bind(new.at).bind(new.expires_at).execute(c))?;
    Ok(())
}

/// Approves or refuses. `false` if it is too late for that.
pub(super) async fn decide(tx: &mut Tx, id: Uuid, approved: bool, by: Uuid, at: i64) -> Result<bool> {
    let sql = if approved { APPROVE } else { REFUSE };
    Ok(on!(tx, c => sqlx::query(sql).bind(id).bind(by).bind(at).execute(c))?.rows_affected() == 1)
}

/// Takes back what one has asked for. `false` if it is too late for that.
pub(super) async fn withdraw(tx: &mut Tx, id: Uuid, by: Uuid, at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(WITHDRAW).bind(id).bind(by).bind(at).execute(c))?.rows_affected() == 1)
}

/// Uses an approval up. `false` if somebody was faster, or it is too late.
pub(super) async fn take(tx: &mut Tx, id: Uuid, by: Uuid, approver: Uuid, at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(USE).bind(id).bind(by).bind(approver).bind(at).execute(c))?.rows_affected() == 1)
}
