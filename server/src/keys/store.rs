//! The tables of `0042_keys.sql`; those of `0053_escrow.sql` beside.

pub(super) mod escrow;

use uuid::Uuid;

use super::crypto;
use crate::base::db::{On, Result, Tx};

const PUBLIC: &str = "SELECT public FROM key_pair WHERE account = $1";
const WITH_PAIR: &str = "SELECT account FROM key_pair";
const INSERT_PAIR: &str = "INSERT INTO key_pair (account, public, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const WRAPS: &str = "SELECT id, account, kind, salt, lookup, session, sealed, created_at, expires_at FROM key_wrap
    WHERE account = $1 AND kind = $2 ORDER BY created_at, id";
const TAB: &str = "SELECT id, account, kind, salt, lookup, session, sealed, created_at, expires_at FROM key_wrap
    WHERE kind = 'tab' AND lookup = $1 AND account = $2 AND session = $3 AND expires_at > $4";
const INSERT_WRAP: &str = "INSERT INTO key_wrap (id, account, kind, salt, lookup, session, sealed, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const DELETE_KIND: &str = "DELETE FROM key_wrap WHERE account = $1 AND kind = $2";
const DELETE_TABS: &str = "DELETE FROM key_wrap WHERE kind = 'tab' AND account = $1 AND session = $2";
const DELETE_PASSKEY: &str = "DELETE FROM key_wrap WHERE kind = 'passkey' AND account = $1 AND lookup = $2";
const DELETE_OLD: &str = "DELETE FROM key_wrap WHERE expires_at <= $1";
const INSERT_SPACE: &str = "INSERT INTO sealed_space (id, version, due) VALUES ($1, 0, FALSE)";
const SPACE: &str = "SELECT version, due FROM sealed_space WHERE id = $1";
const NEXT_VERSION: &str = "UPDATE sealed_space SET version = version + 1, due = FALSE WHERE id = $1 RETURNING version";
const SET_DUE: &str = "UPDATE sealed_space SET due = TRUE WHERE id = $1";
const SPACE_KEYS: &str =
    "SELECT version, sealed, halves FROM sealed_space_key WHERE space = $1 AND account = $2 ORDER BY version";
const INSERT_SPACE_KEY: &str =
    "INSERT INTO sealed_space_key (space, version, account, sealed, halves) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (space, version, account) DO UPDATE SET sealed = excluded.sealed, halves = excluded.halves";
const HOLDING: &str = "SELECT account FROM sealed_space_key WHERE space = $1 AND version = $2";
const DUE_WITHOUT: &str =
    "UPDATE sealed_space SET due = TRUE WHERE id IN (SELECT space FROM sealed_space_key WHERE account = $1)";
const GIVE_UP: [&str; 3] = [
    "DELETE FROM sealed_space_key WHERE account = $1",
    "DELETE FROM key_wrap WHERE account = $1",
    "DELETE FROM key_pair WHERE account = $1",
];
const DELETE_SPACE_KEYS_OF: &str = "DELETE FROM sealed_space_key WHERE space = $1 AND account = $2";
const DELETE_SPACE_KEYS: &str = "DELETE FROM sealed_space_key WHERE space = $1";
const DELETE_SPACE: &str = "DELETE FROM sealed_space WHERE id = $1";

/// A way to open a private half.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Wrap {
    pub(super) id: Uuid,
    pub(super) account: Uuid,
    pub(super) kind: String,
    pub(super) salt: Option<Vec<u8>>,
    pub(super) lookup: Option<Vec<u8>>,
    pub(super) session: Option<Uuid>,
    pub(super) sealed: Vec<u8>,
    pub(super) created_at: i64,
    pub(super) expires_at: Option<i64>,
}

/// Somebody's public half.
pub(super) async fn public(conn: &mut impl On, account: Uuid) -> Result<Option<Vec<u8>>> {
    Ok(on!(conn, c => sqlx::query_scalar(PUBLIC).bind(account).fetch_optional(c))?)
}

/// All who have a pair.
pub(super) async fn with_pair(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(WITH_PAIR).fetch_all(c))?)
}

/// Keeps a public half. `false` if this account has one.
pub(super) async fn insert_pair(tx: &mut Tx, account: Uuid, public: &[u8], at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(INSERT_PAIR).bind(account).bind(public).bind(at).execute(c))?.rows_affected() == 1)
}

/// Somebody's ways of a kind to open their private half.
pub(super) async fn wraps(conn: &mut impl On, account: Uuid, kind: &str) -> Result<Vec<Wrap>> {
    Ok(on!(conn, c => sqlx::query_as(WRAPS).bind(account).bind(kind).fetch_all(c))?)
}

/// The wrap of a tab, by the hash of its secret; good in its own session only.
pub(super) async fn tab(conn: &mut impl On, hash: &[u8], account: Uuid, session: Uuid, now: i64) -> Result<Option<Wrap>> {
    Ok(on!(conn, c => sqlx::query_as(TAB).bind(hash).bind(account).bind(session).bind(now).fetch_optional(c))?)
}

pub(super) async fn insert_wrap(tx: &mut Tx, wrap: &Wrap) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT_WRAP)
        .bind(wrap.id)
        .bind(wrap.account)
        .bind(&wrap.kind)
        .bind(&wrap.salt)
        .bind(&wrap.lookup)
        .bind(wrap.session)
        .bind(&wrap.sealed)
        .bind(wrap.created_at)
        .bind(wrap.expires_at)
        .execute(c))?;
    Ok(())
}

pub(super) async fn delete_kind(tx: &mut Tx, account: Uuid, kind: &str) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE_KIND).bind(account).bind(kind).execute(c))?;
    Ok(())
}

pub(super) async fn delete_tabs(tx: &mut Tx, account: Uuid, session: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE_TABS).bind(account).bind(session).execute(c))?;
    Ok(())
}

pub(super) async fn delete_passkey(tx: &mut Tx, account: Uuid, credential: &[u8]) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE_PASSKEY).bind(account).bind(credential).execute(c))?;
    Ok(())
}

/// Forgets the tabs whose time is over.
pub(super) async fn delete_old(tx: &mut Tx, now: i64) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE_OLD).bind(now).execute(c))?;
    Ok(())
}

pub(super) async fn insert_space(tx: &mut Tx, id: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT_SPACE).bind(id).execute(c))?;
    Ok(())
}

/// The newest version of a space's key, and whether a newer one is due.
pub(super) async fn space(conn: &mut impl On, id: Uuid) -> Result<Option<(i64, bool)>> {
    Ok(on!(conn, c => sqlx::query_as(SPACE).bind(id).fetch_optional(c))?)
}

/// Takes the next version's number.
pub(super) async fn next_version(tx: &mut Tx, id: Uuid) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(NEXT_VERSION).bind(id).fetch_one(c))?)
}

pub(super) async fn set_due(tx: &mut Tx, id: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(SET_DUE).bind(id).execute(c))?;
    Ok(())
}

/// Takes somebody's pair out of storage, with all that was sealed to it. `false` if they have none.
pub(super) async fn delete_pair(tx: &mut Tx, account: Uuid) -> Result<bool> {
    on!(tx, c => sqlx::query(DUE_WITHOUT).bind(account).execute(c))?;
    let mut there = false;
    for sql in GIVE_UP {
        there = on!(tx, c => sqlx::query(sql).bind(account).execute(c))?.rows_affected() > 0;
    }
    Ok(there)
}

/// Who holds a version of a space's key.
pub(super) async fn holding(conn: &mut impl On, space: Uuid, version: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(HOLDING).bind(space).bind(version).fetch_all(c))?)
}

/// The versions of a space's key that somebody holds, sealed to them: whole, or in two halves.
pub(super) async fn space_keys(conn: &mut impl On, space: Uuid, account: Uuid) -> Result<Vec<(i64, Vec<u8>, bool)>> {
    Ok(on!(conn, c => sqlx::query_as(SPACE_KEYS).bind(space).bind(account).fetch_all(c))?)
}

/// Seals a version of a space's key to somebody. `false` if they have no pair.
pub(super) async fn give(tx: &mut Tx, space: Uuid, version: i64, key: &crypto::Key, account: Uuid) -> Result<bool> {
    let Some(public) = public(tx, account).await? else { return Ok(false) };
    let Some(sealed) = crypto::seal_to(&public, &super::space::purpose(space, version), &key[..]) else { return Ok(false) };
    put_space_key(tx, space, version, account, (&sealed, false)).await?;
    Ok(true)
}

/// Keeps a version of a space's key for somebody, sealed to them; and whether it is in two halves.
pub(super) async fn put_space_key(tx: &mut Tx, space: Uuid, version: i64, account: Uuid, sealed: (&[u8], bool)) -> Result<()> {
    let (sealed, halves) = sealed;
    on!(tx, c => sqlx::query(INSERT_SPACE_KEY).bind(space).bind(version).bind(account).bind(sealed).bind(halves).execute(c))?;
    Ok(())
}

pub(super) async fn delete_space_keys_of(tx: &mut Tx, space: Uuid, account: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE_SPACE_KEYS_OF).bind(space).bind(account).execute(c))?;
    Ok(())
}

pub(super) async fn delete_space(tx: &mut Tx, space: Uuid) -> Result<()> {
    escrow::delete_of(tx, space).await?;
    on!(tx, c => sqlx::query(DELETE_SPACE_KEYS).bind(space).execute(c))?;
    on!(tx, c => sqlx::query(DELETE_SPACE).bind(space).execute(c))?;
    Ok(())
}
