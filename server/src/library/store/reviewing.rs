//! Reviewers, their reviews, and reports of harm.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const REVIEWERS: &str = "SELECT account FROM practice_reviewer WHERE practice = $1 ORDER BY named_at, account";
const DROP_REVIEWERS: &str = "DELETE FROM practice_reviewer WHERE practice = $1";
const NAME: &str = "INSERT INTO practice_reviewer (practice, account, named_by, named_at) VALUES ($1, $2, $3, $4)";
const REVIEWS: &str = "SELECT v.account, v.round, v.level, v.verdict, v.note, v.at, a.country
    FROM practice_review v JOIN account a ON a.id = v.account WHERE v.practice = $1 ORDER BY v.round, v.at";
const PUT_REVIEW: &str = "INSERT INTO practice_review (practice, account, round, level, verdict, note, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (practice, account, round) DO UPDATE SET level = excluded.level, verdict = excluded.verdict,
        note = excluded.note, at = excluded.at";
const HARMS: &str = "SELECT id, by_account, at, what, answered_by, answered_at, answer FROM practice_harm
    WHERE practice = $1 ORDER BY at DESC, id";
const INSERT_HARM: &str = "INSERT INTO practice_harm (id, practice, by_account, at, what) VALUES ($1, $2, $3, $4, $5)";
const ANSWER_HARM: &str = "UPDATE practice_harm SET answered_by = $3, answered_at = $4, answer = $5
    WHERE practice = $1 AND id = $2 AND answered_at IS NULL";

/// A review.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::library) struct ReviewRow {
    pub(in crate::library) account: Uuid,
    pub(in crate::library) round: i64,
    pub(in crate::library) level: i64,
    pub(in crate::library) verdict: String,
    pub(in crate::library) note: String,
    pub(in crate::library) at: i64,
    /// Where the reviewer works.
    pub(in crate::library) country: Option<String>,
}

/// A review that is written now.
#[derive(Debug)]
pub(in crate::library) struct NewReview<'a> {
    pub(in crate::library) practice: Uuid,
    pub(in crate::library) account: Uuid,
    pub(in crate::library) round: i64,
    pub(in crate::library) level: u8,
    pub(in crate::library) verdict: &'a str,
    pub(in crate::library) note: &'a str,
    pub(in crate::library) at: i64,
}

/// A report of harm.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::library) struct HarmRow {
    pub(in crate::library) id: Uuid,
    pub(in crate::library) by_account: Uuid,
    pub(in crate::library) at: i64,
    pub(in crate::library) what: String,
    pub(in crate::library) answered_by: Option<Uuid>,
    pub(in crate::library) answered_at: Option<i64>,
    pub(in crate::library) answer: Option<String>,
}

/// A report of harm that comes in now.
#[derive(Debug)]
pub(in crate::library) struct NewHarm<'a> {
    pub(in crate::library) id: Uuid,
    pub(in crate::library) practice: Uuid,
    pub(in crate::library) by: Uuid,
    pub(in crate::library) at: i64,
    pub(in crate::library) what: &'a str,
}

/// Those who were named to review it.
pub(in crate::library) async fn reviewers(conn: &mut impl On, practice: Uuid) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(REVIEWERS).bind(practice).fetch_all(c))?)
}

/// Names those who review it, in place of those who were named before.
pub(in crate::library) async fn name_reviewers(
    tx: &mut Tx,
    practice: Uuid,
    people: &[Uuid],
    by: Option<Uuid>,
    at: i64,
) -> Result<()> {
    on!(tx, c => sqlx::query(DROP_REVIEWERS).bind(practice).execute(c))?;
    for person in people {
        on!(tx, c => sqlx::query(NAME).bind(practice).bind(*person).bind(by).bind(at).execute(c))?;
    }
    Ok(())
}

/// All reviews, the first round first.
pub(in crate::library) async fn reviews(conn: &mut impl On, practice: Uuid) -> Result<Vec<ReviewRow>> {
    Ok(on!(conn, c => sqlx::query_as(REVIEWS).bind(practice).fetch_all(c))?)
}

/// Stores a review, or what a reviewer says instead in the same round.
pub(in crate::library) async fn put_review(tx: &mut Tx, new: &NewReview<'_>) -> Result<()> {
    on!(tx, c => sqlx::query(PUT_REVIEW)
        .bind(new.practice).bind(new.account).bind(new.round).bind(i64::from(new.level)).bind(new.verdict).bind(new.note)
        .bind(new.at).execute(c))?;
    Ok(())
}

/// All reports of harm, the latest first.
pub(in crate::library) async fn harms(conn: &mut impl On, practice: Uuid) -> Result<Vec<HarmRow>> {
    Ok(on!(conn, c => sqlx::query_as(HARMS).bind(practice).fetch_all(c))?)
}

pub(in crate::library) async fn insert_harm(tx: &mut Tx, new: &NewHarm<'_>) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT_HARM)
        .bind(new.id).bind(new.practice).bind(new.by).bind(new.at).bind(new.what).execute(c))?;
    Ok(())
}

/// Answers a report of harm. `false` if there is none, or it was answered before.
pub(in crate::library) async fn answer_harm(
    tx: &mut Tx,
    practice: Uuid,
    id: Uuid,
    by: Uuid,
    at: i64,
    answer: &str,
) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(ANSWER_HARM).bind(practice).bind(id).bind(by).bind(at).bind(answer).execute(c))?;
    Ok(done.rows_affected() == 1)
}
