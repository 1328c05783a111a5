//! The links and removals of `0015_notices.sql`.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const INSERT_RESET: &str = "INSERT INTO password_reset (id, token_hash, account, made_by, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const END_RESETS: &str = "UPDATE password_reset SET used_at = $2 WHERE account = $1 AND used_at IS NULL";
const RESET: &str = "SELECT reset.id, account.id, account.email FROM password_reset AS reset
    JOIN account ON account.id = reset.account AND account.status = 'active'
    WHERE reset.token_hash = $1 AND reset.used_at IS NULL AND reset.expires_at > $2";
const TAKE_RESET: &str = "UPDATE password_reset SET used_at = $2 WHERE id = $1 AND used_at IS NULL";
const INSERT: &str = "INSERT INTO factor_removal (id, account, asked_by, asked_at)
    SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM factor_removal WHERE account = $2 AND ended_at IS NULL)";
const OPEN: &str = "SELECT removal.id, removal.account, removal.asked_by, removal.asked_at, removal.agreed_by, removal.due_at,
        account.name, account.country, asker.name AS asker
    FROM factor_removal AS removal
    JOIN account ON account.id = removal.account JOIN account AS asker ON asker.id = removal.asked_by
    WHERE removal.ended_at IS NULL AND removal.account = $1";
const ALL_OPEN: &str =
    "SELECT removal.id, removal.account, removal.asked_by, removal.asked_at, removal.agreed_by, removal.due_at,
        account.name, account.country, asker.name AS asker
    FROM factor_removal AS removal
    JOIN account ON account.id = removal.account JOIN account AS asker ON asker.id = removal.asked_by
    WHERE removal.ended_at IS NULL ORDER BY removal.id";
const AGREE: &str = "UPDATE factor_removal SET agreed_by = $2, due_at = $3
    WHERE id = $1 AND agreed_by IS NULL AND ended_at IS NULL AND asked_by <> $2";
const END: &str = "UPDATE factor_removal SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";

/// A request to take a second factor away that is neither done nor called off.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) account: Uuid,
    pub(super) asked_by: Uuid,
    pub(super) asked_at: i64,
    pub(super) agreed_by: Option<Uuid>,
    pub(super) due_at: Option<i64>,
    /// Of the account.
    pub(super) name: String,
    /// Of the account.
    pub(super) country: Option<String>,
    /// Who asked, by name.
    pub(super) asker: String,
}

/// Keeps a link; those made before for this account are good no more.
pub(super) async fn insert_reset(tx: &mut Tx, id: Uuid, hash: &[u8], account: Uuid, by: Uuid, at: i64, until: i64) -> Result<()> {
    end_resets(tx, account, at).await?;
    on!(tx, c => sqlx::query(INSERT_RESET).bind(id).bind(hash).bind(account).bind(by).bind(at).bind(until).execute(c))?;
    Ok(())
}

/// Lets no link of an account be good any more.
pub(super) async fn end_resets(tx: &mut Tx, account: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(END_RESETS).bind(account).bind(at).execute(c))?;
    Ok(())
}

/// A good link: its id, and account and e-mail address it is for.
pub(super) async fn reset(conn: &mut impl On, hash: &[u8], now: i64) -> Result<Option<(Uuid, Uuid, String)>> {
    Ok(on!(conn, c => sqlx::query_as(RESET).bind(hash).bind(now).fetch_optional(c))?)
}

/// Uses a link up; `false` if somebody was faster.
pub(super) async fn take_reset(tx: &mut Tx, id: Uuid, at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(TAKE_RESET).bind(id).bind(at).execute(c))?.rows_affected() == 1)
}

/// `false` if there is an open request for this account already.
pub(super) async fn insert(tx: &mut Tx, id: Uuid, account: Uuid, by: Uuid, at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(INSERT).bind(id).bind(account).bind(by).bind(at).execute(c))?.rows_affected() == 1)
}

/// The open request for an account.
pub(super) async fn open(conn: &mut impl On, account: Uuid) -> Result<Option<Row>> {
    Ok(on!(conn, c => sqlx::query_as(OPEN).bind(account).fetch_optional(c))?)
}

/// Every open request.
pub(super) async fn all_open(conn: &mut impl On) -> Result<Vec<Row>> {
    Ok(on!(conn, c => sqlx::query_as(ALL_OPEN).fetch_all(c))?)
}

/// `false` if it was agreed to or ended before, or the one who agrees is the one who asked.
pub(super) async fn agree(tx: &mut Tx, id: Uuid, by: Uuid, due_at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(AGREE).bind(id).bind(by).bind(due_at).execute(c))?.rows_affected() == 1)
}

/// Ends a request, done or called off; `false` if it had ended.
pub(super) async fn end(tx: &mut Tx, id: Uuid, at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(END).bind(id).bind(at).execute(c))?.rows_affected() == 1)
}
