//! What was taken back because it should never have been seen.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

/// Who has a mark in the topic has read as far as it says; who has none, as far as the channel's.
const READERS: &str = "SELECT count(*) FROM message x JOIN membership m ON m.channel = x.channel
    LEFT JOIN topic_mark t ON t.account = m.account AND t.channel = x.channel AND t.topic = x.topic
    WHERE x.id = $1 AND m.account <> x.author AND coalesce(t.seq, m.read_seq) >= x.seq";
const INSERT: &str = "INSERT INTO breach
    (id, message, channel, author, reason, note, readers, posted_at, retracted_at, retracted_by, due_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (message) DO NOTHING";
/// Open ones first, the most urgent at the top; of the closed ones the latest.
const LIST: &str = "SELECT b.id, b.channel, c.country, c.kind, b.author, a.name AS author_name, b.reason, b.note, b.readers,
        b.posted_at, b.retracted_at, b.retracted_by, r.name AS retracted_by_name, b.due_at, b.outcome, b.finding, b.closed_at,
        b.closed_by, f.name AS closed_by_name
    FROM breach b LEFT JOIN channel c ON c.id = b.channel LEFT JOIN account a ON a.id = b.author
        LEFT JOIN account r ON r.id = b.retracted_by LEFT JOIN account f ON f.id = b.closed_by
    ORDER BY b.outcome IS NOT NULL, CASE WHEN b.outcome IS NULL THEN b.due_at ELSE -b.closed_at END LIMIT 200";
const OPEN: &str = "SELECT count(*) FROM breach WHERE outcome IS NULL";
const CLOSE: &str =
    "UPDATE breach SET outcome = $2, finding = $3, closed_at = $4, closed_by = $5 WHERE id = $1 AND outcome IS NULL";
const PLACE: &str = "SELECT message, channel FROM breach WHERE id = $1";

/// One as its list shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::moderation) struct Breach {
    pub(in crate::moderation) id: Uuid,
    pub(in crate::moderation) channel: Option<Uuid>,
    pub(in crate::moderation) country: Option<String>,
    pub(in crate::moderation) kind: Option<String>,
    pub(in crate::moderation) author: Option<Uuid>,
    pub(in crate::moderation) author_name: Option<String>,
    pub(in crate::moderation) reason: String,
    pub(in crate::moderation) note: Option<Vec<u8>>,
    pub(in crate::moderation) readers: i64,
    pub(in crate::moderation) posted_at: i64,
    pub(in crate::moderation) retracted_at: i64,
    pub(in crate::moderation) retracted_by: Option<Uuid>,
    pub(in crate::moderation) retracted_by_name: Option<String>,
    pub(in crate::moderation) due_at: i64,
    pub(in crate::moderation) outcome: Option<String>,
    pub(in crate::moderation) finding: Option<Vec<u8>>,
    pub(in crate::moderation) closed_at: Option<i64>,
    pub(in crate::moderation) closed_by: Option<Uuid>,
    pub(in crate::moderation) closed_by_name: Option<String>,
}

/// One that begins.
pub(in crate::moderation) struct NewBreach<'a> {
    pub(in crate::moderation) id: Uuid,
    pub(in crate::moderation) message: Uuid,
    pub(in crate::moderation) channel: Option<Uuid>,
    pub(in crate::moderation) author: Option<Uuid>,
    pub(in crate::moderation) reason: &'a str,
    pub(in crate::moderation) note: Option<&'a [u8]>,
    pub(in crate::moderation) posted_at: i64,
    pub(in crate::moderation) at: i64,
    pub(in crate::moderation) by: Option<Uuid>,
}

/// Stores one, with how many members of its channel but its author have read as far as the message; `false` if there is one of it.
pub(in crate::moderation) async fn begin_breach(tx: &mut Tx, new: &NewBreach<'_>, due_at: i64) -> Result<bool> {
    let readers: i64 = on!(tx, c => sqlx::query_scalar(READERS).bind(new.message).fetch_one(c))?;
    let done = on!(tx, c => sqlx::query(INSERT)
        .bind(new.id).bind(new.message).bind(new.channel).bind(new.author).bind(new.reason).bind(new.note).bind(readers)
        .bind(new.posted_at).bind(new.at).bind(new.by).bind(due_at).execute(c))?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::moderation) async fn breaches(conn: &mut impl On) -> Result<Vec<Breach>> {
    Ok(on!(conn, c => sqlx::query_as(LIST).fetch_all(c))?)
}

pub(in crate::moderation) async fn open_breaches(conn: &mut impl On) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(OPEN).fetch_one(c))?)
}

/// The message that was taken back, and its channel if that is known.
pub(in crate::moderation) async fn breach_place(conn: &mut impl On, id: Uuid) -> Result<Option<(Uuid, Option<Uuid>)>> {
    Ok(on!(conn, c => sqlx::query_as(PLACE).bind(id).fetch_optional(c))?)
}

/// Closes one. `false` if somebody was faster.
pub(in crate::moderation) async fn close_breach(
    tx: &mut Tx,
    id: Uuid,
    outcome: &str,
    finding: &[u8],
    at: i64,
    by: Uuid,
) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(CLOSE).bind(id).bind(outcome).bind(finding).bind(at).bind(by).execute(c))?;
    Ok(done.rows_affected() == 1)
}
