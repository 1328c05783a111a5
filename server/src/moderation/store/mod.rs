//! The tables of `0018_moderation.sql`: here what waits, in the files beside it people and counts.

mod breaches;
mod people;
mod reports;

pub(super) use breaches::*;
pub(super) use people::*;
pub(super) use reports::*;

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::model::{Author, Policy};
use crate::base::db::{On, Result, Tx};

const POLICY: &str = "SELECT hold_all, newcomer_posts, slow_seconds, trigger_words FROM channel_policy WHERE channel = $1";
const SET_POLICY: &str =
    "INSERT INTO channel_policy (channel, hold_all, newcomer_posts, slow_seconds, trigger_words, changed_at, changed_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (channel) DO UPDATE SET hold_all = $2, newcomer_posts = $3, slow_seconds = $4, trigger_words = $5,
        changed_at = $6, changed_by = $7";
const DROP_POLICY: &str = "DELETE FROM channel_policy WHERE channel = $1";
/// Counted no further than a policy can ask for; the index by author and reference makes it short.
const POSTS: &str = "SELECT count(*) FROM (SELECT 1 FROM message WHERE author = $1 AND deleted_at IS NULL LIMIT $2)";
/// Among the channel's last changes, so that somebody who has long said nothing costs no walk through all of it.
const LAST_AT: &str = "SELECT max(at) FROM (
    SELECT max(posted_at) AS at FROM message
        WHERE channel = $1 AND author = $2 AND seq > (SELECT seq - 1000 FROM channel WHERE id = $1)
    UNION ALL SELECT max(created_at) FROM held WHERE channel = $1 AND author = $2 AND created_at > $3)";
const WAITING_OF: &str = "SELECT count(*) FROM held WHERE author = $1 AND state = 'waiting'";
const INSERT: &str =
    "INSERT INTO held (id, channel, author, ref, request, topic, sealed, reasons, spans, state, created_at, deadline,
        erase_at)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10, $11, $12
    WHERE NOT EXISTS (SELECT 1 FROM message WHERE author = $3 AND ref = $4)
        AND EXISTS (SELECT 1 FROM membership WHERE channel = $2 AND account = $3)
    ON CONFLICT (author, ref) DO NOTHING";
const SELECT: &str = "SELECT h.id, h.channel, h.author, a.name AS author_name, a.country AS author_country, h.ref, h.request,
        h.topic, h.sealed, h.reasons, h.spans, h.state, h.created_at, h.deadline, h.erase_at, h.escalated_at, h.claimed_by,
        c.name AS claimed_name, h.claimed_at, h.appealed_at, h.appealed_from, h.appeal, h.moved_to
    FROM held h JOIN account a ON a.id = h.author LEFT JOIN account c ON c.id = h.claimed_by";
const CLAIM: &str = "UPDATE held SET claimed_by = $2, claimed_at = $3
    WHERE id = $1 AND state = 'waiting' AND (claimed_by IS NULL OR claimed_by = $2 OR claimed_at < $4)";
const UNCLAIM: &str = "UPDATE held SET claimed_by = NULL, claimed_at = NULL WHERE id = $1 AND claimed_by = $2";
const DECIDE: &str = "UPDATE held SET state = $2, decided_by = $3, claimed_by = NULL, claimed_at = NULL,
        sealed = CASE WHEN $5 THEN NULL ELSE sealed END, request = CASE WHEN $5 THEN NULL ELSE request END,
        appeal = CASE WHEN $5 THEN NULL ELSE appeal END, moved_to = $6
    WHERE id = $1 AND state = 'waiting' AND (claimed_by IS NULL OR claimed_by = $3 OR claimed_at < $4)";
const INSERT_DECISION: &str = "INSERT INTO held_decision (id, held, at, by, outcome, reason, note, suggestion)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const LAST_DECISION: &str = "SELECT id, reason, note, suggestion FROM held_decision WHERE held = $1 ORDER BY at DESC LIMIT 1";
const WITHDRAW: &str = "UPDATE held SET state = CASE WHEN state = 'waiting' THEN 'withdrawn' ELSE state END, sealed = NULL,
        request = NULL, appeal = NULL, dismissed_at = $3
    WHERE id = $1 AND author = $2 AND state IN ('waiting', 'returned', 'refused', 'expired', 'moved') AND dismissed_at IS NULL";
const APPEAL: &str =
    "UPDATE held SET state = 'waiting', appealed_at = $3, appealed_from = decided_by, appeal = $4, deadline = $5,
        escalated_at = NULL
    WHERE id = $1 AND author = $2 AND state IN ('returned', 'refused') AND appealed_at IS NULL AND sealed IS NOT NULL";
const ESCALATE: &str = "UPDATE held SET escalated_at = $1, claimed_by = NULL, claimed_at = NULL
    WHERE state = 'waiting' AND deadline <= $1 AND escalated_at IS NULL RETURNING id, channel, author";
const EXPIRE: &str = "UPDATE held SET state = CASE WHEN state = 'waiting' THEN 'expired' ELSE state END, sealed = NULL,
        request = NULL, appeal = NULL
    WHERE sealed IS NOT NULL AND erase_at <= $1 RETURNING id, channel, author, state";
const FORGET_NOTES: &str = "UPDATE held_decision SET note = NULL, suggestion = NULL WHERE held = $1";
const FORGET_CHANNEL: [&str; 3] = [
    "UPDATE held_decision SET note = NULL, suggestion = NULL WHERE held IN (SELECT id FROM held WHERE channel = $1)",
    "UPDATE held SET state = CASE WHEN state = 'waiting' THEN 'expired' ELSE state END, sealed = NULL, request = NULL, appeal = NULL
        WHERE channel = $1",
    "DELETE FROM channel_policy WHERE channel = $1",
];
const DUE: &str = "SELECT EXISTS (SELECT 1 FROM held WHERE state = 'waiting' AND deadline <= $1 AND escalated_at IS NULL)
    OR EXISTS (SELECT 1 FROM held WHERE sealed IS NOT NULL AND erase_at <= $1)";
const COUNT: &str = "INSERT INTO moderation_count (month, kind, count) VALUES ($1, $2, 1)
    ON CONFLICT (month, kind) DO UPDATE SET count = moderation_count.count + 1";
const COUNTS: &str = "SELECT month, kind, count FROM moderation_count ORDER BY month DESC, kind LIMIT 1000";

/// A post that waits, or waited.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Held {
    pub(super) id: Uuid,
    pub(super) channel: Uuid,
    pub(super) author: Uuid,
    pub(super) author_name: String,
    pub(super) author_country: Option<String>,
    #[sqlx(rename = "ref")]
    pub(super) reference: Option<Uuid>,
    pub(super) request: Option<Vec<u8>>,
    pub(super) topic: Option<Uuid>,
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) reasons: String,
    pub(super) spans: String,
    pub(super) state: String,
    pub(super) created_at: i64,
    pub(super) deadline: i64,
    pub(super) erase_at: i64,
    pub(super) escalated_at: Option<i64>,
    pub(super) claimed_by: Option<Uuid>,
    pub(super) claimed_name: Option<String>,
    pub(super) claimed_at: Option<i64>,
    pub(super) appealed_at: Option<i64>,
    pub(super) appealed_from: Option<Uuid>,
    pub(super) appeal: Option<Vec<u8>>,
    pub(super) moved_to: Option<Uuid>,
}

/// A post that is to wait.
pub(super) struct NewHeld {
    pub(super) id: Uuid,
    pub(super) channel: Uuid,
    pub(super) author: Uuid,
    pub(super) reference: Option<Uuid>,
    pub(super) request: Option<Vec<u8>>,
    pub(super) topic: Option<Uuid>,
    pub(super) sealed: Vec<u8>,
    pub(super) reasons: String,
    pub(super) spans: String,
    pub(super) created_at: i64,
    pub(super) deadline: i64,
    pub(super) erase_at: i64,
}

/// A decision about a post.
pub(super) struct Decided<'a> {
    pub(super) id: Uuid,
    pub(super) held: Uuid,
    pub(super) at: i64,
    pub(super) by: Uuid,
    pub(super) outcome: &'a str,
    pub(super) reason: Option<&'a str>,
    pub(super) note: Option<&'a [u8]>,
    pub(super) suggestion: Option<&'a [u8]>,
    /// The room it was moved into.
    pub(super) moved_to: Option<Uuid>,
}

/// The last decision, as its author reads it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Last {
    pub(super) id: Uuid,
    pub(super) reason: Option<String>,
    pub(super) note: Option<Vec<u8>>,
    pub(super) suggestion: Option<Vec<u8>>,
}

pub(super) async fn policy(conn: &mut impl On, channel: Uuid) -> Result<Option<Policy>> {
    let row: Option<(bool, i64, i64, String)> = on!(conn, c => sqlx::query_as(POLICY).bind(channel).fetch_optional(c))?;
    Ok(row.map(|(hold_all, newcomer_posts, slow_seconds, words)| {
        let trigger_words = serde_json::from_str(&words).unwrap_or_default();
        Policy { hold_all, newcomer_posts, slow_seconds, trigger_words }
    }))
}

/// Sets a channel's policy, or takes it away when it asks nothing.
pub(super) async fn set_policy(tx: &mut Tx, channel: Uuid, policy: &Policy, at: i64, by: Uuid) -> Result<()> {
    if policy.is_empty() {
        on!(tx, c => sqlx::query(DROP_POLICY).bind(channel).execute(c))?;
        return Ok(());
    }
    let words = serde_json::to_string(&policy.trigger_words).unwrap_or_default();
    on!(tx, c => sqlx::query(SET_POLICY)
        .bind(channel).bind(policy.hold_all).bind(policy.newcomer_posts).bind(policy.slow_seconds).bind(words).bind(at).bind(by)
        .execute(c))?;
    Ok(())
}

/// What a policy must know of somebody who posts: counted as far as it asks, looked up as long ago as it asks.
pub(super) async fn author(conn: &mut impl On, channel: Uuid, account: Uuid, policy: &Policy, since: i64) -> Result<Author> {
    let posts = match policy.newcomer_posts {
        0 => 0,
        asked => on!(conn, c => sqlx::query_scalar(POSTS).bind(account).bind(asked).fetch_one(c))?,
    };
    let last_at = match policy.slow_seconds {
        0 => None,
        _ => on!(conn, c => sqlx::query_scalar(LAST_AT).bind(channel).bind(account).bind(since).fetch_one(c))?,
    };
    Ok(Author { posts, last_at })
}

/// How many posts of somebody wait.
pub(super) async fn waiting_of(conn: &mut impl On, author: Uuid) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(WAITING_OF).bind(author).fetch_one(c))?)
}

/// Keeps a post that waits. `false` if its reference is taken, or its author has left.
pub(super) async fn insert(tx: &mut Tx, held: &NewHeld) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(INSERT)
        .bind(held.id).bind(held.channel).bind(held.author).bind(held.reference).bind(&held.request).bind(held.topic)
        .bind(&held.sealed).bind(&held.reasons).bind(&held.spans).bind(held.created_at).bind(held.deadline).bind(held.erase_at)
        .execute(c))?;
    Ok(done.rows_affected() == 1)
}

async fn one(conn: &mut impl On, sql: String, first: Uuid, second: Option<Uuid>) -> Result<Option<Held>> {
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(first).bind(second).fetch_optional(c))?)
}

pub(super) async fn held(conn: &mut impl On, id: Uuid) -> Result<Option<Held>> {
    one(conn, format!("{SELECT} WHERE h.id = $1 AND $2 IS NULL"), id, None).await
}

/// What an author has sent by this reference and what waits, or waited.
pub(super) async fn by_ref(conn: &mut impl On, author: Uuid, reference: Uuid) -> Result<Option<Held>> {
    one(conn, format!("{SELECT} WHERE h.author = $1 AND h.ref = $2"), author, Some(reference)).await
}

/// All that waits for a decision, the most urgent first.
pub(super) async fn waiting(conn: &mut impl On) -> Result<Vec<Held>> {
    let sql = format!("{SELECT} WHERE h.state = 'waiting' ORDER BY h.deadline, h.id LIMIT 1000");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).fetch_all(c))?)
}

/// What an author has to know of: what waits or came back, and what was moved or ran out after `since`; oldest first.
pub(super) async fn own(conn: &mut impl On, author: Uuid, since: i64) -> Result<Vec<Held>> {
    let sql = format!(
        "{SELECT} WHERE h.author = $1 AND h.dismissed_at IS NULL AND (h.state IN ('waiting', 'returned', 'refused') AND h.sealed IS NOT NULL
            OR h.state IN ('expired', 'moved') AND h.erase_at > $2) ORDER BY h.created_at LIMIT 200"
    );
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(author).bind(since).fetch_all(c))?)
}

/// Takes a post on, if nobody else has since `stale`.
pub(super) async fn claim(tx: &mut Tx, id: Uuid, by: Uuid, at: i64, stale: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(CLAIM).bind(id).bind(by).bind(at).bind(stale).execute(c))?.rows_affected() == 1)
}

pub(super) async fn unclaim(tx: &mut Tx, id: Uuid, by: Uuid) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(UNCLAIM).bind(id).bind(by).execute(c))?.rows_affected() == 1)
}

/// Notes a decision, if it still waits for one and nobody else has taken it on since `stale`. With `erase` its words go.
pub(super) async fn decide(tx: &mut Tx, decided: &Decided<'_>, word: &str, stale: i64, erase: bool) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(DECIDE).bind(decided.held).bind(word).bind(decided.by).bind(stale).bind(erase)
            .bind(decided.moved_to).execute(c))?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    on!(tx, c => sqlx::query(INSERT_DECISION)
        .bind(decided.id).bind(decided.held).bind(decided.at).bind(decided.by).bind(decided.outcome).bind(decided.reason)
        .bind(decided.note).bind(decided.suggestion).execute(c))?;
    if erase {
        on!(tx, c => sqlx::query(FORGET_NOTES).bind(decided.held).execute(c))?;
    }
    Ok(true)
}

pub(super) async fn last_decision(conn: &mut impl On, held: Uuid) -> Result<Option<Last>> {
    Ok(on!(conn, c => sqlx::query_as(LAST_DECISION).bind(held).fetch_optional(c))?)
}

/// Takes a post back, or puts away what came back. `false` if there is none such.
pub(super) async fn withdraw(tx: &mut Tx, id: Uuid, author: Uuid, at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(WITHDRAW).bind(id).bind(author).bind(at).execute(c))?.rows_affected() == 1;
    if done {
        on!(tx, c => sqlx::query(FORGET_NOTES).bind(id).execute(c))?;
    }
    Ok(done)
}

/// Asks for another decision. `false` if there is none to appeal against, or it was done before.
pub(super) async fn appeal(tx: &mut Tx, id: Uuid, author: Uuid, at: i64, note: &[u8], deadline: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(APPEAL).bind(id).bind(author).bind(at).bind(note).bind(deadline).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Whether something has waited too long, or is to be erased.
pub(super) async fn is_due(conn: &mut impl On, now: i64) -> Result<bool> {
    Ok(on!(conn, c => sqlx::query_scalar(DUE).bind(now).fetch_one(c))?)
}

/// Marks what has waited too long: id, channel and author of each.
pub(super) async fn escalate(tx: &mut Tx, now: i64) -> Result<Vec<(Uuid, Uuid, Uuid)>> {
    Ok(on!(tx, c => sqlx::query_as(ESCALATE).bind(now).fetch_all(c))?)
}

/// Erases what has been kept long enough: id, channel, author and state of each.
pub(super) async fn expire(tx: &mut Tx, now: i64) -> Result<Vec<(Uuid, Uuid, Uuid, String)>> {
    let rows: Vec<(Uuid, Uuid, Uuid, String)> = on!(tx, c => sqlx::query_as(EXPIRE).bind(now).fetch_all(c))?;
    for (id, ..) in &rows {
        on!(tx, c => sqlx::query(FORGET_NOTES).bind(id).execute(c))?;
    }
    Ok(rows)
}

/// Counts one more of a kind in a month.
pub(super) async fn count(tx: &mut Tx, month: &str, kind: &str) -> Result<()> {
    on!(tx, c => sqlx::query(COUNT).bind(month).bind(kind).execute(c))?;
    Ok(())
}

/// Month, kind and count, the latest month first.
pub(super) async fn counts(conn: &mut impl On) -> Result<Vec<(String, String, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(COUNTS).fetch_all(c))?)
}

/// Erases what is kept of posts that waited in a channel, and what it asked of posts.
pub(super) async fn forget_channel(tx: &mut Tx, channel: Uuid) -> Result<()> {
    for sql in FORGET_CHANNEL {
        on!(tx, c => sqlx::query(sql).bind(channel).execute(c))?;
    }
    Ok(())
}
