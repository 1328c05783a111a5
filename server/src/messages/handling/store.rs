//! Who has read, acknowledged, released and proposed what.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const READ: &str = "INSERT INTO message_reading (message, account, first_at, last_at, times) VALUES ($1, $2, $3, $3, 1)
    ON CONFLICT (message, account) DO UPDATE SET last_at = excluded.last_at, times = message_reading.times + 1";
const READINGS: &str = "SELECT account, first_at, last_at, times FROM message_reading WHERE message = $1 ORDER BY first_at";
const ACKNOWLEDGE: &str = "INSERT INTO message_acknowledgement (message, account, restriction, at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (message, account) DO UPDATE SET restriction = excluded.restriction, at = excluded.at";
const HAS_ACKNOWLEDGED: &str = "SELECT 1 FROM message_acknowledgement WHERE message = $1 AND account = $2 AND restriction = $3";
const RELEASE: &str = "INSERT INTO message_release (message, channel, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const TAKE_BACK: &str = "DELETE FROM message_release WHERE message = $1 AND channel = $2";
const IS_RELEASED: &str = "SELECT 1 FROM message_release WHERE message = $1 AND channel = $2";
const PROPOSE: &str = "INSERT INTO marking_proposal (id, message, account, marking, at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (message, account) DO UPDATE SET marking = excluded.marking, at = excluded.at RETURNING id";
const PROPOSALS: &str = "SELECT id, account, marking, at FROM marking_proposal WHERE message = $1 ORDER BY at";
const FORGET: &str = "DELETE FROM marking_proposal WHERE id = $1";

/// Notes that somebody has had the words.
pub(super) async fn read(tx: &mut Tx, message: i64, account: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(READ).bind(message).bind(account).bind(at).execute(c))?;
    Ok(())
}

/// Account, first and last time (microseconds), and how often; whoever read first comes first.
pub(super) async fn readings(conn: &mut impl On, message: i64) -> Result<Vec<(Uuid, i64, i64, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(READINGS).bind(message).fetch_all(c))?)
}

/// Notes that somebody has acknowledged a restriction of these words.
pub(super) async fn acknowledge(tx: &mut Tx, message: i64, account: Uuid, words: &str, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(ACKNOWLEDGE).bind(message).bind(account).bind(words).bind(at).execute(c))?;
    Ok(())
}

/// Whether somebody has acknowledged a restriction of these words.
pub(super) async fn has_acknowledged(conn: &mut impl On, message: i64, account: Uuid, words: &str) -> Result<bool> {
    let found: Option<i64> =
        on!(conn, c => sqlx::query_scalar(HAS_ACKNOWLEDGED).bind(message).bind(account).bind(words).fetch_optional(c))?;
    Ok(found.is_some())
}

/// Lets an H2 be passed on to a channel, or no longer.
pub(super) async fn release(tx: &mut Tx, message: i64, channel: Uuid, at: Option<i64>) -> Result<()> {
    match at {
        Some(at) => on!(tx, c => sqlx::query(RELEASE).bind(message).bind(channel).bind(at).execute(c))?,
        None => on!(tx, c => sqlx::query(TAKE_BACK).bind(message).bind(channel).execute(c))?,
    };
    Ok(())
}

/// Whether an H2 may be passed on to a channel.
pub(in super::super) async fn is_released(conn: &mut impl On, message: i64, channel: Uuid) -> Result<bool> {
    let found: Option<i64> = on!(conn, c => sqlx::query_scalar(IS_RELEASED).bind(message).bind(channel).fetch_optional(c))?;
    Ok(found.is_some())
}

/// Keeps what somebody proposes, in place of what they proposed before; its id.
pub(super) async fn propose(tx: &mut Tx, id: Uuid, message: i64, account: Uuid, marking: &str, at: i64) -> Result<Uuid> {
    Ok(on!(tx, c => sqlx::query_scalar(PROPOSE).bind(id).bind(message).bind(account).bind(marking).bind(at).fetch_one(c))?)
}

/// Id, account, marking and time of what is proposed, the oldest first.
pub(super) async fn proposals(conn: &mut impl On, message: i64) -> Result<Vec<(Uuid, Uuid, String, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(PROPOSALS).bind(message).fetch_all(c))?)
}

/// Takes a proposal off the table.
pub(super) async fn forget(tx: &mut Tx, id: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET).bind(id).execute(c))?;
    Ok(())
}
