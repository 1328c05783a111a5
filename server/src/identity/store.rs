//! The tables of `0001_identity.sql`.

use std::collections::HashSet;

use uuid::Uuid;

use super::model::{Account, NewAccount, RoleGrant};
use super::sessions::StillGood;
use crate::base::db::{Direct, On, Result, Tx};
use crate::base::text;

const ACCOUNT: &str = "SELECT id, email, name, country, function, organisation, language, status, accredited_until, created_at, last_seen_at FROM account WHERE id = $1";
const ACCOUNT_BY_EMAIL: &str = "SELECT id, email, name, country, function, organisation, language, status, accredited_until, created_at, last_seen_at, password_hash FROM account WHERE email = $1";
const ACCOUNTS: &str =
    "SELECT id, email, name, country, function, organisation, language, status, accredited_until, created_at, last_seen_at FROM account
    WHERE email > $1 ORDER BY email LIMIT $2";
const INSERT_ACCOUNT: &str = "INSERT INTO account (id, email, name, country, function, organisation, language, status, password_hash, created_at, name_key,
        sponsor, accredited_until)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', $8, $9, $10, $11, $12) ON CONFLICT (email) DO NOTHING";
const PASSWORD: &str = "SELECT email, password_hash FROM account WHERE id = $1 AND status = 'active'";
const SET_PASSWORD: &str = "UPDATE account SET password_hash = $2 WHERE id = $1";
const RENEW_PASSWORD: &str = "UPDATE account SET password_hash = $3 WHERE id = $1 AND password_hash = $2";
const SET_PROFILE: &str =
    "UPDATE account SET name = coalesce($2, name), name_key = coalesce($4, name_key), language = coalesce($3, language)
    WHERE id = $1";
const SET_STATUS: &str = "UPDATE account SET status = $2 WHERE id = $1";
const TOUCH_ACCOUNT: &str = "UPDATE account SET last_seen_at = $2 WHERE id = $1";
const GRANTS: &str = "SELECT id, role, scope FROM role_grant WHERE account = $1 ORDER BY role, scope";
const INSERT_GRANT: &str =
    "INSERT INTO role_grant (id, account, role, scope, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (account, role, scope) DO UPDATE SET role = excluded.role RETURNING id";
const DELETE_GRANT: &str = "DELETE FROM role_grant WHERE account = $1 AND id = $2";
const OTHER_ADMINISTRATORS: &str = "SELECT count(*) FROM role_grant g JOIN account a ON a.id = g.account
    WHERE g.role = 'administrator' AND a.status = 'active' AND a.accredited_until > $2 AND a.id <> $1";
const INSERT_TOKEN: &str = "INSERT INTO token (id, account, token_hash, label, created_at) VALUES ($1, $2, $3, $4, $5)";
const TOKENS: &str = "SELECT label, created_at FROM token WHERE account = $1 AND revoked_at IS NULL ORDER BY created_at, id";
const REVOKE_TOKENS: &str =
    "UPDATE token SET revoked_at = $3 WHERE account = $1 AND revoked_at IS NULL AND ($2 IS NULL OR label = $2)";
const TOKEN: &str = "SELECT id, account FROM token WHERE token_hash = $1 AND revoked_at IS NULL";
const INSERT_SESSION: &str =
    "INSERT INTO session (id_hash, id, account, data, label, created_at, last_seen_at, expires_at, strong, stepped_up_at)
    VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)";
const CYCLE_SESSION: &str = "UPDATE session SET id_hash = $2, data = $3, strong = $4, stepped_up_at = $5 WHERE id = $1";
const WEAKEN_SESSIONS: &str = "UPDATE session SET strong = FALSE WHERE account = $1";
const IS_STRONG: &str = "SELECT strong FROM session WHERE id = $1";
const UPDATE_SESSION: &str = "UPDATE session SET data = $2 WHERE id_hash = $1";
const SESSION: &str = "SELECT data, last_seen_at, expires_at, strong, stepped_up_at,
        EXISTS (SELECT 1 FROM role_grant WHERE role_grant.account = session.account) AS has_powers
    FROM session WHERE id_hash = $1";
const TOUCH_SESSION: &str = "UPDATE session SET last_seen_at = $2 WHERE id_hash = $1";
const TOUCH_SESSION_BY_ID: &str = "UPDATE session SET last_seen_at = $2 WHERE id = $1 AND last_seen_at <= $3 AND last_seen_at >
        CASE WHEN EXISTS (SELECT 1 FROM role_grant WHERE role_grant.account = session.account) THEN $5 ELSE $4 END";
const DELETE_SESSION: &str = "DELETE FROM session WHERE id_hash = $1 RETURNING id, account";
const DELETE_OWN_SESSION: &str = "DELETE FROM session WHERE account = $1 AND id = $2";
const DELETE_SESSIONS_OF: &str = "DELETE FROM session WHERE account = $1 AND ($2 IS NULL OR id <> $2) RETURNING id";
const SESSIONS_OF: &str = "SELECT id, label, created_at, last_seen_at, expires_at, strong, stepped_up_at FROM session
    WHERE account = $1 AND expires_at > $2
        AND last_seen_at > CASE WHEN EXISTS (SELECT 1 FROM role_grant WHERE role_grant.account = $1) THEN $4 ELSE $3 END
    ORDER BY last_seen_at DESC";
const SUSPENDED: &str = "SELECT id FROM account WHERE status = 'suspended'";
const IS_CREDENTIAL: &str =
    "SELECT EXISTS (SELECT 1 FROM session WHERE id = $1) OR EXISTS (SELECT 1 FROM token WHERE id = $1 AND revoked_at IS NULL)";
const CREDENTIALS: &str = "SELECT id FROM session UNION ALL SELECT id FROM token WHERE revoked_at IS NULL";
const FIRST_STALE: &str =
    "SELECT min(CASE WHEN expires_at < due THEN expires_at ELSE due END) FROM (SELECT expires_at, last_seen_at
        + CASE WHEN EXISTS (SELECT 1 FROM role_grant WHERE role_grant.account = session.account) THEN $2 ELSE $1 END AS due
    FROM session) AS each";
const DELETE_STALE_SESSIONS: &str = "DELETE FROM session WHERE expires_at <= $1 OR last_seen_at <= $2
        OR (last_seen_at <= $3 AND EXISTS (SELECT 1 FROM role_grant WHERE role_grant.account = session.account))
    RETURNING id, account";

/// A session as its owner sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct SessionRow {
    pub(super) id: Uuid,
    pub(super) label: String,
    pub(super) created_at: i64,
    pub(super) last_seen_at: i64,
    pub(super) expires_at: i64,
    pub(super) strong: bool,
    pub(super) stepped_up_at: i64,
}

/// A session as the session layer needs it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Kept {
    pub(super) data: String,
    pub(super) last_seen_at: i64,
    pub(super) expires_at: i64,
    pub(super) strong: bool,
    pub(super) stepped_up_at: i64,
    /// Whether its person holds a power.
    pub(super) has_powers: bool,
}

pub(super) async fn account(conn: &mut impl On, id: Uuid) -> Result<Option<Account>> {
    Ok(on!(conn, c => sqlx::query_as(ACCOUNT).bind(id).fetch_optional(c))?)
}

/// The account and its password hash.
pub(super) async fn account_by_email(conn: &mut impl On, email: &str) -> Result<Option<(Account, String)>> {
    use sqlx::{FromRow, Row};
    let row = on!(conn, c => sqlx::query(ACCOUNT_BY_EMAIL).bind(email).fetch_optional(c))?;
    row.map(|row| Ok((Account::from_row(&row)?, row.try_get("password_hash")?))).transpose()
}

/// Accounts after this e-mail address, by e-mail address.
pub(super) async fn accounts(conn: &mut impl On, after: &str, limit: i64) -> Result<Vec<Account>> {
    Ok(on!(conn, c => sqlx::query_as(ACCOUNTS).bind(after).bind(limit).fetch_all(c))?)
}

pub(super) async fn insert_account(tx: &mut Tx, a: &NewAccount) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(INSERT_ACCOUNT)
        .bind(a.id).bind(&a.email).bind(&a.name).bind(&a.country).bind(&a.function).bind(&a.organisation).bind(&a.language)
        .bind(&a.password_hash).bind(a.created_at).bind(text::fold(&a.name)).bind(a.sponsor).bind(a.accredited_until)
        .execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// E-mail address and password hash of an active account.
pub(super) async fn password(conn: &mut impl On, account: Uuid) -> Result<Option<(String, String)>> {
    Ok(on!(conn, c => sqlx::query_as(PASSWORD).bind(account).fetch_optional(c))?)
}

pub(super) async fn set_password(tx: &mut Tx, account: Uuid, hash: &str) -> Result<()> {
    on!(tx, c => sqlx::query(SET_PASSWORD).bind(account).bind(hash).execute(c))?;
    Ok(())
}

/// Puts another hash of the same password in the place of this one, unless the password has changed meanwhile.
pub(super) async fn renew_password(tx: &mut Tx, account: Uuid, old: &str, hash: &str) -> Result<()> {
    on!(tx, c => sqlx::query(RENEW_PASSWORD).bind(account).bind(old).bind(hash).execute(c))?;
    Ok(())
}

pub(super) async fn set_profile(tx: &mut Tx, account: Uuid, name: Option<&str>, language: Option<&str>) -> Result<()> {
    on!(tx, c => sqlx::query(SET_PROFILE).bind(account).bind(name).bind(language).bind(name.map(text::fold)).execute(c))?;
    Ok(())
}

pub(super) async fn set_status(tx: &mut Tx, account: Uuid, status: &str) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(SET_STATUS).bind(account).bind(status).execute(c))?.rows_affected() == 1)
}

pub(super) async fn grants(conn: &mut impl On, account: Uuid) -> Result<Vec<RoleGrant>> {
    Ok(on!(conn, c => sqlx::query_as(GRANTS).bind(account).fetch_all(c))?)
}

pub(super) async fn insert_grant(
    tx: &mut Tx,
    id: Uuid,
    account: Uuid,
    role: &str,
    scope: &str,
    at: i64,
    by: Option<Uuid>,
) -> Result<Uuid> {
    Ok(
        on!(tx, c => sqlx::query_scalar(INSERT_GRANT).bind(id).bind(account).bind(role).bind(scope).bind(at).bind(by).fetch_one(c))?,
    )
}

pub(super) async fn delete_grant(tx: &mut Tx, account: Uuid, grant: Uuid) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(DELETE_GRANT).bind(account).bind(grant).execute(c))?.rows_affected() == 1)
}

pub(super) async fn insert_token(tx: &mut Tx, id: Uuid, account: Uuid, hash: &[u8], label: &str, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT_TOKEN).bind(id).bind(account).bind(hash).bind(label).bind(at).execute(c))?;
    Ok(())
}

pub(super) async fn tokens(conn: &mut impl On, account: Uuid) -> Result<Vec<(String, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(TOKENS).bind(account).fetch_all(c))?)
}

pub(super) async fn revoke_tokens(tx: &mut Tx, account: Uuid, label: Option<&str>, at: i64) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(REVOKE_TOKENS).bind(account).bind(label).bind(at).execute(c))?.rows_affected())
}

/// Token and account behind a token's hash.
pub(super) async fn token(conn: &mut impl On, hash: &[u8]) -> Result<Option<(Uuid, Uuid)>> {
    Ok(on!(conn, c => sqlx::query_as(TOKEN).bind(hash).fetch_optional(c))?)
}

pub(super) async fn insert_session(tx: &mut Tx, hash: &[u8], account: Uuid, data: &str, s: &SessionRow) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT_SESSION)
        .bind(hash).bind(s.id).bind(account).bind(data).bind(&s.label).bind(s.created_at).bind(s.expires_at)
        .bind(s.strong).bind(s.stepped_up_at)
        .execute(c))?;
    on!(tx, c => sqlx::query(TOUCH_ACCOUNT).bind(account).bind(s.created_at).execute(c))?;
    Ok(())
}

pub(super) async fn update_session(tx: &mut Tx, hash: &[u8], data: &str) -> Result<()> {
    on!(tx, c => sqlx::query(UPDATE_SESSION).bind(hash).bind(data).execute(c))?;
    Ok(())
}

/// Keeps a session under another cookie's hash.
pub(super) async fn cycle_session(tx: &mut Tx, hash: &[u8], data: &str, s: &SessionRow) -> Result<()> {
    on!(tx, c => sqlx::query(CYCLE_SESSION).bind(s.id).bind(hash).bind(data).bind(s.strong).bind(s.stepped_up_at).execute(c))?;
    Ok(())
}

pub(super) async fn weaken_sessions(tx: &mut Tx, account: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(WEAKEN_SESSIONS).bind(account).execute(c))?;
    Ok(())
}

/// Whether a session counts as strong; one that has ended doesn't.
pub(super) async fn is_strong(conn: &mut impl On, id: Uuid) -> Result<bool> {
    let found: Option<bool> = on!(conn, c => sqlx::query_scalar(IS_STRONG).bind(id).fetch_optional(c))?;
    Ok(found.unwrap_or_default())
}

pub(super) async fn session(conn: &mut impl On, hash: &[u8]) -> Result<Option<Kept>> {
    Ok(on!(conn, c => sqlx::query_as(SESSION).bind(hash).fetch_optional(c))?)
}

pub(super) async fn touch(tx: &mut Tx, hash: &[u8], account: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(TOUCH_SESSION).bind(hash).bind(at).execute(c))?;
    on!(tx, c => sqlx::query(TOUCH_ACCOUNT).bind(account).bind(at).execute(c))?;
    Ok(())
}

pub(super) async fn touch_account(tx: &mut Tx, account: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(TOUCH_ACCOUNT).bind(account).bind(at).execute(c))?;
    Ok(())
}

/// Moves a session's last sight on, and its account's, if that was at `seen_before` or earlier and the session has not ended by
/// being idle. Tokens have none.
pub(super) fn touch_directly(
    direct: &mut Direct<'_>,
    session: Uuid,
    account: Uuid,
    good: &StillGood,
    seen_before: i64,
) -> Result<()> {
    let at = good.now;
    let values: [&dyn rusqlite::ToSql; 5] = [&session, &at, &seen_before, &good.seen_after, &good.seen_after_with_powers];
    if direct.execute(TOUCH_SESSION_BY_ID, &values)? == 1 {
        direct.execute(TOUCH_ACCOUNT, &[&account, &at])?;
    }
    Ok(())
}

/// Session and account, if there was one.
pub(super) async fn delete_session(tx: &mut Tx, hash: &[u8]) -> Result<Option<(Uuid, Uuid)>> {
    Ok(on!(tx, c => sqlx::query_as(DELETE_SESSION).bind(hash).fetch_optional(c))?)
}

pub(super) async fn delete_own_session(tx: &mut Tx, account: Uuid, id: Uuid) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(DELETE_OWN_SESSION).bind(account).bind(id).execute(c))?.rows_affected() == 1)
}

/// Deletes all sessions of an account but one; the ids of those that ended.
pub(super) async fn delete_sessions_of(tx: &mut Tx, account: Uuid, but: Option<Uuid>) -> Result<Vec<Uuid>> {
    Ok(on!(tx, c => sqlx::query_scalar(DELETE_SESSIONS_OF).bind(account).bind(but).fetch_all(c))?)
}

pub(super) async fn sessions_of(conn: &mut impl On, account: Uuid, good: &StillGood) -> Result<Vec<SessionRow>> {
    Ok(on!(conn, c => sqlx::query_as(SESSIONS_OF)
        .bind(account).bind(good.now).bind(good.seen_after).bind(good.seen_after_with_powers)
        .fetch_all(c))?)
}

/// Deletes what has expired or idled out; session and account of those that ended.
pub(super) async fn delete_stale_sessions(tx: &mut Tx, good: &StillGood) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(on!(tx, c => sqlx::query_as(DELETE_STALE_SESSIONS)
        .bind(good.now).bind(good.seen_after).bind(good.seen_after_with_powers)
        .fetch_all(c))?)
}

/// When the first session will have expired or idled out, if nothing happens on it (microseconds).
pub(super) async fn first_stale(conn: &mut impl On, idle: i64, with_powers: i64) -> Result<Option<i64>> {
    Ok(on!(conn, c => sqlx::query_scalar(FIRST_STALE).bind(idle).bind(with_powers).fetch_one(c))?)
}

/// The accounts that are suspended.
pub(super) async fn suspended(conn: &mut impl On) -> Result<HashSet<Uuid>> {
    let ids: Vec<Uuid> = on!(conn, c => sqlx::query_scalar(SUSPENDED).fetch_all(c))?;
    Ok(ids.into_iter().collect())
}

/// The sessions and tokens that hold.
pub(super) async fn credentials(conn: &mut impl On) -> Result<HashSet<Uuid>> {
    let ids: Vec<Uuid> = on!(conn, c => sqlx::query_scalar(CREDENTIALS).fetch_all(c))?;
    Ok(ids.into_iter().collect())
}

/// Whether a session or token of this id holds.
pub(super) async fn is_credential(conn: &mut impl On, id: Uuid) -> Result<bool> {
    Ok(on!(conn, c => sqlx::query_scalar(IS_CREDENTIAL).bind(id).fetch_one(c))?)
}

/// Administrators beside this account who can act now.
pub(super) async fn other_administrators(conn: &mut impl On, account: Uuid, now: i64) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(OTHER_ADMINISTRATORS).bind(account).bind(now).fetch_one(c))?)
}
