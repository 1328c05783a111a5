//! Messages that somebody should look at.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const MESSAGE: &str = "SELECT channel, author FROM message WHERE id = $1 AND deleted_at IS NULL";
const INSERT: &str = "INSERT INTO report (id, message, channel, author, reporter, reason, note, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (message, reporter) DO NOTHING";
/// A message may have moved with its topic since: it is for the moderators of where it is.
const OPEN: &str =
    "SELECT r.id, r.message, m.channel, m.author, a.name AS author_name, r.reporter, b.name AS reporter_name, r.reason,
        r.note, r.created_at
    FROM report r JOIN message m ON m.id = r.message JOIN account a ON a.id = m.author JOIN account b ON b.id = r.reporter
    WHERE r.outcome IS NULL ORDER BY r.created_at LIMIT 1000";
const CLOSE: &str =
    "UPDATE report SET outcome = $2, closed_at = $3, closed_by = $4, note = NULL WHERE id = $1 AND outcome IS NULL";

/// A report nobody has closed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::moderation) struct Report {
    pub(in crate::moderation) id: Uuid,
    pub(in crate::moderation) message: Uuid,
    pub(in crate::moderation) channel: Uuid,
    pub(in crate::moderation) author: Uuid,
    pub(in crate::moderation) author_name: String,
    pub(in crate::moderation) reporter: Uuid,
    pub(in crate::moderation) reporter_name: String,
    pub(in crate::moderation) reason: String,
    pub(in crate::moderation) note: Option<Vec<u8>>,
    pub(in crate::moderation) created_at: i64,
}

/// A report to be made.
pub(in crate::moderation) struct NewReport<'a> {
    pub(in crate::moderation) id: Uuid,
    pub(in crate::moderation) message: Uuid,
    pub(in crate::moderation) channel: Uuid,
    pub(in crate::moderation) author: Uuid,
    pub(in crate::moderation) reporter: Uuid,
    pub(in crate::moderation) reason: &'a str,
    pub(in crate::moderation) note: Option<&'a [u8]>,
    pub(in crate::moderation) at: i64,
}

/// Channel and author of a message that stands.
pub(in crate::moderation) async fn message(conn: &mut impl On, id: Uuid) -> Result<Option<(Uuid, Uuid)>> {
    Ok(on!(conn, c => sqlx::query_as(MESSAGE).bind(id).fetch_optional(c))?)
}

/// Keeps a report. `false` if this person has reported the message before.
pub(in crate::moderation) async fn report(tx: &mut Tx, new: &NewReport<'_>) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(INSERT)
        .bind(new.id).bind(new.message).bind(new.channel).bind(new.author).bind(new.reporter).bind(new.reason).bind(new.note)
        .bind(new.at).execute(c))?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::moderation) async fn open_reports(conn: &mut impl On) -> Result<Vec<Report>> {
    Ok(on!(conn, c => sqlx::query_as(OPEN).fetch_all(c))?)
}

pub(in crate::moderation) async fn close_report(tx: &mut Tx, id: Uuid, outcome: &str, at: i64, by: Uuid) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(CLOSE).bind(id).bind(outcome).bind(at).bind(by).execute(c))?.rows_affected() == 1)
}
