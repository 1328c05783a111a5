//! Practices themselves, and the steps they have taken.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const ONE: &str = "SELECT p.id, p.author, p.organisation, o.name AS organisation_name, p.marking, p.state, p.content, p.level,
        p.level_by, p.level_at, p.level_why, p.round, p.version, p.reviewed_version, p.reason, p.parent, p.topic, p.screened_by,
        p.created_at, p.changed_at, p.published_at, p.review_due_at
    FROM practice p LEFT JOIN organisation o ON o.id = p.organisation WHERE p.id = $1";
const INSERT: &str = "INSERT INTO practice (id, author, organisation, marking, state, language, title, summary, tags, content,
        parent, topic, created_at, changed_at)
    VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, $10, $11, $12, $12)";
const PUT_CONTENT: &str = "UPDATE practice SET marking = $2, language = $3, title = $4, summary = $5, tags = $6, content = $7,
        version = $8, changed_at = $9
    WHERE id = $1 AND changed_at = $10";
const DELETE: &str = "DELETE FROM practice WHERE id = $1 AND state = 'draft' AND round = 0";
const SET_STATE: &str = "UPDATE practice SET state = $2, reason = $3, round = $4, version = $5, reviewed_version = $6,
        screened_by = $7, published_at = $8, review_due_at = $9, changed_at = $10
    WHERE id = $1 AND changed_at = $11";
const SET_LEVEL: &str =
    "UPDATE practice SET level = $2, level_by = $3, level_at = $4, level_why = $5 WHERE id = $1 AND level = $6";
const SET_REVIEWED: &str = "UPDATE practice SET reviewed_version = version WHERE id = $1";
const SET_TOPIC: &str = "UPDATE practice SET topic = $2 WHERE id = $1";
const PARTNERS: &str = "SELECT o.id, o.name FROM practice_partner p JOIN organisation o ON o.id = p.organisation
    WHERE p.practice = $1 ORDER BY o.name_key";
const DROP_PARTNERS: &str = "DELETE FROM practice_partner WHERE practice = $1";
const PUT_PARTNER: &str = "INSERT INTO practice_partner (practice, organisation)
    SELECT $1, o.id FROM organisation o WHERE o.id = $2";
const NOTE_STEP: &str = "INSERT INTO practice_step (id, practice, at, by_account, state, note) VALUES ($1, $2, $3, $4, $5, $6)";
const STEPS: &str = "SELECT at, by_account, state, note FROM practice_step WHERE practice = $1 ORDER BY at, id";

/// A practice as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::library) struct PracticeRow {
    pub(in crate::library) id: Uuid,
    pub(in crate::library) author: Uuid,
    pub(in crate::library) organisation: Option<Uuid>,
    pub(in crate::library) organisation_name: Option<String>,
    pub(in crate::library) marking: String,
    pub(in crate::library) content: String,
    pub(in crate::library) level_by: Option<Uuid>,
    pub(in crate::library) level_at: Option<i64>,
    pub(in crate::library) level_why: Option<String>,
    pub(in crate::library) round: i64,
    pub(in crate::library) version: i64,
    pub(in crate::library) reviewed_version: i64,
    pub(in crate::library) reason: Option<String>,
    pub(in crate::library) parent: Option<Uuid>,
    pub(in crate::library) topic: Option<Uuid>,
    pub(in crate::library) screened_by: Option<Uuid>,
    pub(in crate::library) created_at: i64,
    pub(in crate::library) changed_at: i64,
    pub(in crate::library) published_at: Option<i64>,
    pub(in crate::library) review_due_at: Option<i64>,
}

/// A practice that begins.
#[derive(Debug)]
pub(in crate::library) struct NewPractice<'a> {
    pub(in crate::library) id: Uuid,
    pub(in crate::library) author: Uuid,
    pub(in crate::library) organisation: Option<Uuid>,
    pub(in crate::library) marking: &'a str,
    pub(in crate::library) language: &'a str,
    pub(in crate::library) title: &'a str,
    pub(in crate::library) summary: &'a str,
    pub(in crate::library) tags: &'a str,
    pub(in crate::library) content: &'a str,
    pub(in crate::library) parent: Option<Uuid>,
    pub(in crate::library) topic: Option<Uuid>,
    pub(in crate::library) at: i64,
}

/// Where a practice goes from here.
#[derive(Debug)]
pub(in crate::library) struct Step<'a> {
    pub(in crate::library) state: &'a str,
    pub(in crate::library) reason: Option<&'a str>,
    pub(in crate::library) round: i64,
    pub(in crate::library) version: i64,
    pub(in crate::library) reviewed_version: i64,
    pub(in crate::library) screened_by: Option<Uuid>,
    pub(in crate::library) published_at: Option<i64>,
    pub(in crate::library) review_due_at: Option<i64>,
    pub(in crate::library) at: i64,
}

/// A step that was taken.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::library) struct StepRow {
    pub(in crate::library) at: i64,
    pub(in crate::library) by_account: Uuid,
    pub(in crate::library) state: String,
    pub(in crate::library) note: Option<String>,
}

pub(in crate::library) async fn one(conn: &mut impl On, id: Uuid) -> Result<Option<PracticeRow>> {
    Ok(on!(conn, c => sqlx::query_as(ONE).bind(id).fetch_optional(c))?)
}

pub(in crate::library) async fn insert(tx: &mut Tx, new: &NewPractice<'_>) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.id).bind(new.author).bind(new.organisation).bind(new.marking).bind(new.language).bind(new.title)
        .bind(new.summary).bind(new.tags).bind(new.content).bind(new.parent).bind(new.topic).bind(new.at)
        .execute(c))?;
    Ok(())
}

/// Stores what it says now; `false` if somebody has changed it since `seen` (microseconds).
pub(in crate::library) async fn put_content(tx: &mut Tx, new: &NewPractice<'_>, version: i64, seen: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(PUT_CONTENT)
        .bind(new.id).bind(new.marking).bind(new.language).bind(new.title).bind(new.summary).bind(new.tags).bind(new.content)
        .bind(version).bind(new.at).bind(seen)
        .execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Takes a draft away that was never handed in.
pub(in crate::library) async fn delete(tx: &mut Tx, id: Uuid) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(DELETE).bind(id).execute(c))?.rows_affected() == 1)
}

/// Takes a step; `false` if something has changed since `seen` (microseconds).
pub(in crate::library) async fn set_state(tx: &mut Tx, id: Uuid, step: &Step<'_>, seen: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(SET_STATE)
        .bind(id).bind(step.state).bind(step.reason).bind(step.round).bind(step.version).bind(step.reviewed_version)
        .bind(step.screened_by).bind(step.published_at).bind(step.review_due_at).bind(step.at).bind(seen)
        .execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Puts it on another level than `before`; `false` if it stands on another one meanwhile.
pub(in crate::library) async fn set_level(
    tx: &mut Tx,
    id: Uuid,
    before: u8,
    level: u8,
    by: Option<Uuid>,
    at: i64,
    why: &str,
) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(SET_LEVEL)
        .bind(id).bind(i64::from(level)).bind(by).bind(at).bind(why).bind(i64::from(before)).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// The version that stands is the one that was looked at.
pub(in crate::library) async fn set_reviewed(tx: &mut Tx, id: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(SET_REVIEWED).bind(id).execute(c))?;
    Ok(())
}

pub(in crate::library) async fn set_topic(tx: &mut Tx, id: Uuid, topic: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(SET_TOPIC).bind(id).bind(topic).execute(c))?;
    Ok(())
}

/// The organisations that take part, by name.
pub(in crate::library) async fn partners(conn: &mut impl On, id: Uuid) -> Result<Vec<(Uuid, String)>> {
    Ok(on!(conn, c => sqlx::query_as(PARTNERS).bind(id).fetch_all(c))?)
}

/// Replaces the organisations that take part. `false` if there is no such organisation.
pub(in crate::library) async fn put_partners(tx: &mut Tx, id: Uuid, partners: &[Uuid]) -> Result<bool> {
    on!(tx, c => sqlx::query(DROP_PARTNERS).bind(id).execute(c))?;
    for partner in partners {
        let put = on!(tx, c => sqlx::query(PUT_PARTNER).bind(id).bind(*partner).execute(c))?;
        if put.rows_affected() == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Notes a step that was taken.
pub(in crate::library) async fn note_step(tx: &mut Tx, id: Uuid, practice: Uuid, step: &StepRow) -> Result<()> {
    on!(tx, c => sqlx::query(NOTE_STEP)
        .bind(id).bind(practice).bind(step.at).bind(step.by_account).bind(&step.state).bind(&step.note).execute(c))?;
    Ok(())
}

/// The steps that were taken, the first first.
pub(in crate::library) async fn steps(conn: &mut impl On, practice: Uuid) -> Result<Vec<StepRow>> {
    Ok(on!(conn, c => sqlx::query_as(STEPS).bind(practice).fetch_all(c))?)
}
