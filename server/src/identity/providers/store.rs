//! The table of `0016_provider_binding.sql`.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const BY_SUBJECT: &str = "SELECT account FROM provider_binding WHERE issuer = $1 AND subject = $2";
const HAS_ISSUER: &str = "SELECT EXISTS (SELECT 1 FROM provider_binding WHERE account = $1 AND issuer = $2)";
const BIND: &str = "INSERT INTO provider_binding (id, account, issuer, subject, created_at, last_used_at)
    VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT DO NOTHING";
const USE: &str = "UPDATE provider_binding SET last_used_at = $4 WHERE account = $1 AND issuer = $2 AND subject = $3";
const OF_ACCOUNT: &str =
    "SELECT issuer, created_at, last_used_at FROM provider_binding WHERE account = $1 ORDER BY created_at, id";
const UNBIND: &str = "DELETE FROM provider_binding WHERE account = $1";

/// A provider's name for an account, as its owner sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Binding {
    pub(super) issuer: String,
    /// Microseconds.
    pub(super) created_at: i64,
    /// Microseconds.
    pub(super) last_used_at: i64,
}

/// The account that an issuer means by a subject.
pub(super) async fn by_subject(conn: &mut impl On, issuer: &str, subject: &str) -> Result<Option<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(BY_SUBJECT).bind(issuer).bind(subject).fetch_optional(c))?)
}

/// Whether an issuer has a name for an account.
pub(super) async fn has_issuer(conn: &mut impl On, account: Uuid, issuer: &str) -> Result<bool> {
    Ok(on!(conn, c => sqlx::query_scalar(HAS_ISSUER).bind(account).bind(issuer).fetch_one(c))?)
}

/// Binds an account to an issuer's subject; `false` if one of the two is bound already.
pub(super) async fn bind(tx: &mut Tx, id: Uuid, account: Uuid, issuer: &str, subject: &str, at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(BIND).bind(id).bind(account).bind(issuer).bind(subject).bind(at).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a binding was used; `false` if there is no such binding (any more).
pub(super) async fn note_use(tx: &mut Tx, account: Uuid, issuer: &str, subject: &str, at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(USE).bind(account).bind(issuer).bind(subject).bind(at).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// The bindings of an account, the oldest first.
pub(super) async fn of_account(conn: &mut impl On, account: Uuid) -> Result<Vec<Binding>> {
    Ok(on!(conn, c => sqlx::query_as(OF_ACCOUNT).bind(account).fetch_all(c))?)
}

/// Takes all bindings from an account; how many they were.
pub(super) async fn unbind(tx: &mut Tx, account: Uuid) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(UNBIND).bind(account).execute(c))?.rows_affected())
}
