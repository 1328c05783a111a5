//! The tables of `0014_factors.sql`.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const HELD: &str = "SELECT EXISTS (SELECT 1 FROM totp WHERE account = $1), EXISTS (SELECT 1 FROM passkey WHERE account = $1),
    (SELECT count(*) FROM recovery_code WHERE account = $1 AND used_at IS NULL)";
const TOTP: &str = "SELECT secret, last_step, created_at FROM totp WHERE account = $1";
const ALL_TOTP: &str = "SELECT account, secret FROM totp";
const SET_TOTP: &str = "INSERT INTO totp (account, secret, last_step, created_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, last_step = excluded.last_step, created_at = excluded.created_at";
const TAKE_STEP: &str = "UPDATE totp SET last_step = $2 WHERE account = $1 AND last_step < $2";
const DELETE_TOTP: &str = "DELETE FROM totp WHERE account = $1";
const DELETE_CODES: &str = "DELETE FROM recovery_code WHERE account = $1";
const INSERT_CODE: &str = "INSERT INTO recovery_code (account, hash, created_at) VALUES ($1, $2, $3)";
const TAKE_CODE: &str = "UPDATE recovery_code SET used_at = $3 WHERE account = $1 AND hash = $2 AND used_at IS NULL";
const PASSKEYS: &str =
    "SELECT id, account, data, name, created_at, last_used_at FROM passkey WHERE account = $1 ORDER BY created_at, id";
const PASSKEY_BY_CREDENTIAL: &str = "SELECT id, account, data, name, created_at, last_used_at FROM passkey WHERE credential = $1";
const INSERT_PASSKEY: &str =
    "INSERT INTO passkey (id, account, credential, data, name, created_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (credential) DO NOTHING";
const USE_PASSKEY: &str = "UPDATE passkey SET last_used_at = $2, data = coalesce($3, data) WHERE id = $1";
const RENAME_PASSKEY: &str = "UPDATE passkey SET name = $3 WHERE account = $1 AND id = $2";
const DELETE_PASSKEY: &str = "DELETE FROM passkey WHERE account = $1 AND id = $2";
const DELETE_PASSKEYS: &str = "DELETE FROM passkey WHERE account = $1";

/// What an account has beside its password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(in crate::identity) struct Held {
    /// An authenticator app.
    pub(in crate::identity) totp: bool,
    /// A passkey or more.
    pub(in crate::identity) passkeys: bool,
    /// Recovery codes that are left.
    pub(in crate::identity) codes: i64,
}

impl Held {
    /// Whether that is a second factor. Recovery codes alone are none: they stand in for one.
    pub(in crate::identity) fn factor(self) -> bool {
        self.totp || self.passkeys
    }
}

/// The authenticator app as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct TotpRow {
    pub(super) secret: Vec<u8>,
    pub(super) last_step: i64,
    pub(super) created_at: i64,
}

/// A passkey as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct PasskeyRow {
    pub(super) id: Uuid,
    pub(super) account: Uuid,
    pub(super) data: String,
    pub(super) name: String,
    pub(super) created_at: i64,
    pub(super) last_used_at: Option<i64>,
}

/// What an account has beside its password.
pub(in crate::identity) async fn held(conn: &mut impl On, account: Uuid) -> Result<Held> {
    let (totp, passkeys, codes) = on!(conn, c => sqlx::query_as(HELD).bind(account).fetch_one(c))?;
    Ok(Held { totp, passkeys, codes })
}

pub(super) async fn totp(conn: &mut impl On, account: Uuid) -> Result<Option<TotpRow>> {
    Ok(on!(conn, c => sqlx::query_as(TOTP).bind(account).fetch_optional(c))?)
}

/// The sealed secret of every app, with its account.
pub(super) async fn all_totp(conn: &mut impl On) -> Result<Vec<(Uuid, Vec<u8>)>> {
    Ok(on!(conn, c => sqlx::query_as(ALL_TOTP).fetch_all(c))?)
}

pub(super) async fn set_totp(tx: &mut Tx, account: Uuid, secret: &[u8], step: i64, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(SET_TOTP).bind(account).bind(secret).bind(step).bind(at).execute(c))?;
    Ok(())
}

/// Uses a code up; `false` if it, or a later one, was used before.
pub(super) async fn take_step(tx: &mut Tx, account: Uuid, step: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(TAKE_STEP).bind(account).bind(step).execute(c))?.rows_affected() == 1)
}

pub(super) async fn delete_totp(tx: &mut Tx, account: Uuid) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(DELETE_TOTP).bind(account).execute(c))?.rows_affected() == 1)
}

/// Puts these codes, by their hashes, in place of all that the account had.
pub(super) async fn set_codes(tx: &mut Tx, account: Uuid, hashes: &[[u8; 32]], at: i64) -> Result<()> {
    delete_codes(tx, account).await?;
    for hash in hashes {
        on!(tx, c => sqlx::query(INSERT_CODE).bind(account).bind(&hash[..]).bind(at).execute(c))?;
    }
    Ok(())
}

pub(super) async fn delete_codes(tx: &mut Tx, account: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE_CODES).bind(account).execute(c))?;
    Ok(())
}

/// Uses a recovery code up; `false` if there is no such code, or it was used before.
pub(super) async fn take_code(tx: &mut Tx, account: Uuid, hash: &[u8], at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(TAKE_CODE).bind(account).bind(hash).bind(at).execute(c))?.rows_affected() == 1)
}

pub(super) async fn passkeys(conn: &mut impl On, account: Uuid) -> Result<Vec<PasskeyRow>> {
    Ok(on!(conn, c => sqlx::query_as(PASSKEYS).bind(account).fetch_all(c))?)
}

pub(super) async fn passkey_by_credential(conn: &mut impl On, credential: &[u8]) -> Result<Option<PasskeyRow>> {
    Ok(on!(conn, c => sqlx::query_as(PASSKEY_BY_CREDENTIAL).bind(credential).fetch_optional(c))?)
}

/// `false` if somebody has this passkey already.
pub(super) async fn insert_passkey(tx: &mut Tx, row: &PasskeyRow, credential: &[u8]) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(INSERT_PASSKEY)
        .bind(row.id).bind(row.account).bind(credential).bind(&row.data).bind(&row.name).bind(row.created_at)
        .execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a passkey was used, and its new counter if it has one.
pub(in crate::identity) async fn use_passkey(tx: &mut Tx, id: Uuid, at: i64, data: Option<&str>) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(USE_PASSKEY).bind(id).bind(at).bind(data).execute(c))?.rows_affected() == 1)
}

pub(super) async fn rename_passkey(tx: &mut Tx, account: Uuid, id: Uuid, name: &str) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(RENAME_PASSKEY).bind(account).bind(id).bind(name).execute(c))?.rows_affected() == 1)
}

pub(super) async fn delete_passkey(tx: &mut Tx, account: Uuid, id: Uuid) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(DELETE_PASSKEY).bind(account).bind(id).execute(c))?.rows_affected() == 1)
}

pub(super) async fn delete_passkeys(tx: &mut Tx, account: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE_PASSKEYS).bind(account).execute(c))?;
    Ok(())
}
