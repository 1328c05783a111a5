//! The notices of `0015_notices.sql`, and the browsers that are known.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const INSERT: &str =
    "INSERT INTO security_notice (id, account, kind, detail, session, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
const LATEST: &str = "SELECT id, kind, detail, session, created_at, seen_at FROM security_notice WHERE account = $1
    ORDER BY id DESC LIMIT $2";
const MARK_SEEN: &str = "UPDATE security_notice SET seen_at = $2 WHERE account = $1 AND seen_at IS NULL";
const KNOWS_ANY: &str = "SELECT EXISTS (SELECT 1 FROM known_browser WHERE account = $1)";
const KNOW: &str = "INSERT INTO known_browser (account, label, first_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

/// A notice as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) detail: String,
    pub(super) session: Option<Uuid>,
    pub(super) created_at: i64,
    pub(super) seen_at: Option<i64>,
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: Uuid,
    account: Uuid,
    kind: &str,
    detail: &str,
    session: Option<Uuid>,
    at: i64,
) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT).bind(id).bind(account).bind(kind).bind(detail).bind(session).bind(at).execute(c))?;
    Ok(())
}

/// The latest notices of an account, newest first.
pub(super) async fn latest(conn: &mut impl On, account: Uuid, limit: i64) -> Result<Vec<Row>> {
    Ok(on!(conn, c => sqlx::query_as(LATEST).bind(account).bind(limit).fetch_all(c))?)
}

pub(super) async fn mark_seen(tx: &mut Tx, account: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(MARK_SEEN).bind(account).bind(at).execute(c))?;
    Ok(())
}

/// Notes the browser of a sign-in. `true` if the account has used it before, or has used none before.
pub(in crate::identity) async fn knows_browser(tx: &mut Tx, account: Uuid, label: &str, at: i64) -> Result<bool> {
    let any: bool = on!(tx, c => sqlx::query_scalar(KNOWS_ANY).bind(account).fetch_one(c))?;
    let fresh = on!(tx, c => sqlx::query(KNOW).bind(account).bind(label).bind(at).execute(c))?.rows_affected() == 1;
    Ok(!(any && fresh))
}
