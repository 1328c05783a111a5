//! The tables of `0053_escrow.sql`.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};
use crate::keys::escrow::{Ended, Holder, Request};

const HOLDERS: &str = "SELECT account, organisation, public, since FROM escrow_holder ORDER BY account";
const ADD_HOLDER: &str = "INSERT INTO escrow_holder (account, organisation, public, since) VALUES ($1, $2, $3, $4)";
const SPACES: &str = "SELECT DISTINCT space FROM escrow_half ORDER BY space";
const VERSIONS: &str = "SELECT DISTINCT version FROM escrow_half WHERE space = $1 ORDER BY version";
const ADD_HALF: &str = "INSERT INTO escrow_half (space, version, account, partner, sealed) VALUES ($1, $2, $3, $4, $5)";
const HALVES: &str =
    "SELECT version, partner, sealed FROM escrow_half WHERE space = $1 AND account = $2 ORDER BY version, partner";
const REQUEST: &str = "SELECT id, space, account, public, asked_at, expires_at, state, first_by, ended_by
    FROM escrow_request WHERE id = $1";
const REQUEST_OF: &str = "SELECT id, space, account, public, asked_at, expires_at, state, first_by, ended_by
    FROM escrow_request WHERE space = $1 AND account = $2";
const WAITING: &str = "SELECT id, space, account, public, asked_at, expires_at, state, first_by, ended_by
    FROM escrow_request WHERE state = 'waiting' ORDER BY expires_at, id";
const DROP_HANDED_OF: &str =
    "DELETE FROM escrow_handed WHERE request IN (SELECT id FROM escrow_request WHERE space = $1 AND account = $2)";
const DROP_REQUEST: &str = "DELETE FROM escrow_request WHERE space = $1 AND account = $2";
const ADD_REQUEST: &str = "INSERT INTO escrow_request (id, space, account, public, asked_at, expires_at, state)
    VALUES ($1, $2, $3, $4, $5, $6, 'waiting')";
const SET_FIRST: &str = "UPDATE escrow_request SET first_by = $2 WHERE id = $1 AND state = 'waiting'";
const FINISH: &str = "UPDATE escrow_request SET state = $2, ended_by = $3 WHERE id = $1 AND state = 'waiting'";
const ADD_HANDED: &str = "INSERT INTO escrow_handed (request, version, partner, sealed) VALUES ($1, $2, $3, $4)";
const HANDED: &str = "SELECT version, sealed FROM escrow_handed WHERE request = $1 AND partner = $2 ORDER BY version";
const DROP_HANDED: &str = "DELETE FROM escrow_handed WHERE request = $1";
const DELETE_OF: [&str; 3] = [
    "DELETE FROM escrow_handed WHERE request IN (SELECT id FROM escrow_request WHERE space = $1)",
    "DELETE FROM escrow_request WHERE space = $1",
    "DELETE FROM escrow_half WHERE space = $1",
];
const DELETE_ALL: [&str; 4] =
    ["DELETE FROM escrow_handed", "DELETE FROM escrow_request", "DELETE FROM escrow_half", "DELETE FROM escrow_holder"];

/// Who holds the escrow; nobody where it is off.
pub(in crate::keys) async fn holders(conn: &mut impl On) -> Result<Vec<Holder>> {
    Ok(on!(conn, c => sqlx::query_as(HOLDERS).fetch_all(c))?)
}

pub(in crate::keys) async fn add_holder(tx: &mut Tx, holder: &Holder) -> Result<()> {
    let Holder { account, organisation, public, since } = holder;
    on!(tx, c => sqlx::query(ADD_HOLDER).bind(account).bind(organisation).bind(public).bind(since).execute(c))?;
    Ok(())
}

/// The spaces that the escrow holds a key of.
pub(in crate::keys) async fn spaces(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(SPACES).fetch_all(c))?)
}

/// The versions of a space's key that it holds.
pub(in crate::keys) async fn versions(conn: &mut impl On, space: Uuid) -> Result<Vec<i64>> {
    Ok(on!(conn, c => sqlx::query_scalar(VERSIONS).bind(space).fetch_all(c))?)
}

/// Keeps `account`'s half of what it makes together with `partner`'s.
pub(in crate::keys) async fn add_half(
    tx: &mut Tx,
    (space, version): (Uuid, i64),
    (account, partner): (Uuid, Uuid),
    sealed: &[u8],
) -> Result<()> {
    on!(tx, c => sqlx::query(ADD_HALF).bind(space).bind(version).bind(account).bind(partner).bind(sealed).execute(c))?;
    Ok(())
}

/// A holder's halves of a space's key: of which version, and with whose they make it.
pub(in crate::keys) async fn halves(conn: &mut impl On, space: Uuid, account: Uuid) -> Result<Vec<(i64, Uuid, Vec<u8>)>> {
    Ok(on!(conn, c => sqlx::query_as(HALVES).bind(space).bind(account).fetch_all(c))?)
}

pub(in crate::keys) async fn request(conn: &mut impl On, id: Uuid) -> Result<Option<Request>> {
    Ok(on!(conn, c => sqlx::query_as(REQUEST).bind(id).fetch_optional(c))?)
}

/// What somebody has asked for last in a space.
pub(in crate::keys) async fn request_of(conn: &mut impl On, space: Uuid, account: Uuid) -> Result<Option<Request>> {
    Ok(on!(conn, c => sqlx::query_as(REQUEST_OF).bind(space).bind(account).fetch_optional(c))?)
}

/// All that wait, those that lapse first at the top.
pub(in crate::keys) async fn waiting(conn: &mut impl On) -> Result<Vec<Request>> {
    Ok(on!(conn, c => sqlx::query_as(WAITING).fetch_all(c))?)
}

/// Keeps what somebody asks for, in place of what they have asked for before.
pub(in crate::keys) async fn add_request(tx: &mut Tx, new: &Request) -> Result<()> {
    for sql in [DROP_HANDED_OF, DROP_REQUEST] {
        on!(tx, c => sqlx::query(sql).bind(new.space).bind(new.account).execute(c))?;
    }
    on!(tx, c => sqlx::query(ADD_REQUEST)
        .bind(new.id).bind(new.space).bind(new.account).bind(&new.public).bind(new.asked_at).bind(new.expires_at).execute(c))?;
    Ok(())
}

pub(in crate::keys) async fn set_first(tx: &mut Tx, request: Uuid, by: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(SET_FIRST).bind(request).bind(by).execute(c))?;
    Ok(())
}

/// Ends what was asked for; `false` if it has ended.
pub(in crate::keys) async fn finish(tx: &mut Tx, request: Uuid, how: Ended, by: Option<Uuid>) -> Result<bool> {
    on!(tx, c => sqlx::query(DROP_HANDED).bind(request).execute(c))?;
    let done = on!(tx, c => sqlx::query(FINISH).bind(request).bind(how.as_str()).bind(by).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Keeps a half that was sealed to who asks, until `partner` agrees, too.
pub(in crate::keys) async fn add_handed(tx: &mut Tx, request: Uuid, version: i64, partner: Uuid, sealed: &[u8]) -> Result<()> {
    on!(tx, c => sqlx::query(ADD_HANDED).bind(request).bind(version).bind(partner).bind(sealed).execute(c))?;
    Ok(())
}

/// What the first holder has handed over, for `partner` to add to.
pub(in crate::keys) async fn handed(conn: &mut impl On, request: Uuid, partner: Uuid) -> Result<Vec<(i64, Vec<u8>)>> {
    Ok(on!(conn, c => sqlx::query_as(HANDED).bind(request).bind(partner).fetch_all(c))?)
}

pub(in crate::keys) async fn drop_handed(tx: &mut Tx, request: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(DROP_HANDED).bind(request).execute(c))?;
    Ok(())
}

/// Takes out all that the escrow holds of a space.
pub(in crate::keys) async fn delete_of(tx: &mut Tx, space: Uuid) -> Result<()> {
    for sql in DELETE_OF {
        on!(tx, c => sqlx::query(sql).bind(space).execute(c))?;
    }
    Ok(())
}

/// Takes out all that the escrow holds, and who holds it.
pub(in crate::keys) async fn delete_all(tx: &mut Tx) -> Result<()> {
    for sql in DELETE_ALL {
        on!(tx, c => sqlx::query(sql).execute(c))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
