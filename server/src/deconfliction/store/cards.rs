//! File cards, and the organisations that hold them.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::access::cards::House;
use crate::base::db::{On, Result, Tx};
use crate::vocabulary;

const CARDS: &str =
    "SELECT c.id, c.organisation, o.name AS organisation_name, o.country, o.regime, c.made_by, c.exercise, c.body, c.revision,
    c.compared, c.made_at, c.changed_at, c.review_due
    FROM file_card c JOIN organisation o ON o.id = c.organisation";
const COUNT: &str = "SELECT seq, gone FROM file_card_count WHERE id = 1";
const IDS: &str = "SELECT id FROM file_card";
const NEXT: &str = "UPDATE file_card_count SET seq = seq + 1 WHERE id = 1 RETURNING seq";
const GONE: &str = "UPDATE file_card_count SET gone = gone + 1 WHERE id = 1";
const INSERT: &str =
    "INSERT INTO file_card (id, organisation, made_by, exercise, body, revision, compared, seq, made_at, changed_at, review_due)
    VALUES ($1, $2, $3, $4, $5, 1, 0, $6, $7, $7, $8)";
const CHANGE: &str =
    "UPDATE file_card SET body = $2, revision = revision + 1, compared = CASE WHEN $7 THEN compared ELSE compared + 1 END,
        seq = $3, changed_at = $4, review_due = $5, reminded_at = NULL
    WHERE id = $1 AND revision = $6";
const COMPARED: &str = "UPDATE file_card SET compared = $2 WHERE id = $1 AND revision = $2";
const UNCOMPARED: &str = "SELECT id FROM file_card WHERE compared <> revision AND changed_at < $1 ORDER BY id LIMIT 100";
const TAKE: &str = "INSERT INTO file_card_day (organisation, day, cards) VALUES ($1, $2, 1)
    ON CONFLICT (organisation, day) DO UPDATE SET cards = file_card_day.cards + 1 RETURNING cards";
const OLD_DAYS: &str = "DELETE FROM file_card_day WHERE day < $1";
const TAKEN: &str = "SELECT COALESCE((SELECT cards FROM file_card_day WHERE organisation = $1 AND day = $2), 0)";
const DELETE: &str = "DELETE FROM file_card WHERE id = $1";
const FOR_REVIEW: &str = "SELECT id FROM file_card WHERE review_due < $1 AND reminded_at IS NULL LIMIT 100";
const REMINDED: &str = "UPDATE file_card SET reminded_at = $2 WHERE id = $1 AND reminded_at IS NULL";
const TO_GO: &str = "SELECT id FROM file_card WHERE reminded_at < $1 LIMIT 100";
const OF_EXERCISE: &str = "SELECT id FROM file_card WHERE exercise = $1 LIMIT 100";
const EXERCISES: &str = "SELECT DISTINCT exercise FROM file_card WHERE exercise IS NOT NULL";
const HOUSES: &str = "SELECT id, name, kind, country, regime FROM organisation WHERE hex(id) IN (SELECT value FROM json_each($1)) ORDER BY name_key, id";
const MATCHING_HOUSES: &str = "SELECT o.id, o.name, o.kind, o.country, o.regime FROM organisation o
    WHERE o.regime = 'led' AND EXISTS (SELECT 1 FROM focal_point f WHERE f.organisation = o.id) ORDER BY o.name_key, o.id";

/// How often a card was changed, and how often one went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub(in super::super) struct Count {
    pub(in super::super) seq: i64,
    pub(in super::super) gone: i64,
}

/// A card with what must be known of its organisation; what it says is locked.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in super::super) struct CardRow {
    pub(in super::super) id: Uuid,
    pub(in super::super) organisation: Uuid,
    pub(in super::super) organisation_name: String,
    pub(in super::super) country: Option<String>,
    pub(in super::super) regime: String,
    pub(in super::super) made_by: Uuid,
    pub(in super::super) exercise: Option<Uuid>,
    pub(in super::super) body: Vec<u8>,
    pub(in super::super) revision: i64,
    pub(in super::super) compared: i64,
    pub(in super::super) made_at: i64,
    pub(in super::super) changed_at: i64,
    pub(in super::super) review_due: i64,
}

pub(in super::super) async fn count(conn: &mut impl On) -> Result<Count> {
    Ok(on!(conn, c => sqlx::query_as(COUNT).fetch_one(c))?)
}

/// The cards that were made or changed after this number.
pub(in super::super) async fn since(conn: &mut impl On, seq: i64) -> Result<Vec<CardRow>> {
    let sql = format!("{CARDS} WHERE c.seq > $1");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(seq).fetch_all(c))?)
}

pub(in super::super) async fn ids(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(IDS).fetch_all(c))?)
}

/// A card, whoever may know of it.
pub(in super::super) async fn card(conn: &mut impl On, id: Uuid) -> Result<Option<CardRow>> {
    let sql = format!("{CARDS} WHERE c.id = $1");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

/// A card to be stored.
pub(in super::super) struct NewCard<'a> {
    pub(in super::super) id: Uuid,
    pub(in super::super) organisation: Uuid,
    pub(in super::super) by: Uuid,
    pub(in super::super) exercise: Option<Uuid>,
    pub(in super::super) body: &'a [u8],
    pub(in super::super) at: i64,
    pub(in super::super) review_due: i64,
}

pub(in super::super) async fn insert(tx: &mut Tx, new: &NewCard<'_>) -> Result<()> {
    let seq: i64 = on!(tx, c => sqlx::query_scalar(NEXT).fetch_one(c))?;
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.id).bind(new.organisation).bind(new.by).bind(new.exercise).bind(new.body).bind(seq).bind(new.at)
        .bind(new.review_due).execute(c))?;
    Ok(())
}

/// Changes a card that stands at this revision; one that says something else than before is to be `compared` again. `false` if
/// somebody was faster.
pub(in super::super) async fn change(
    tx: &mut Tx,
    id: Uuid,
    body: &[u8],
    (revision, other): (i64, bool),
    (at, review_due): (i64, i64),
) -> Result<bool> {
    let seq: i64 = on!(tx, c => sqlx::query_scalar(NEXT).fetch_one(c))?;
    let done = on!(tx, c => sqlx::query(CHANGE)
        .bind(id).bind(body).bind(seq).bind(at).bind(review_due).bind(revision).bind(other).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a card was compared as it stands at this revision.
pub(in super::super) async fn compared(tx: &mut Tx, id: Uuid, revision: i64) -> Result<()> {
    on!(tx, c => sqlx::query(COMPARED).bind(id).bind(revision).execute(c))?;
    Ok(())
}

/// Cards that were stored before this and not compared yet.
pub(in super::super) async fn uncompared(conn: &mut impl On, before: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(UNCOMPARED).bind(before).fetch_all(c))?)
}

/// Counts one card more of an organisation's day: how many they are with it.
pub(in super::super) async fn take(tx: &mut Tx, organisation: Uuid, day: i64) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(TAKE).bind(organisation).bind(day).fetch_one(c))?)
}

/// How many cards of an organisation were made or changed on a day.
pub(in super::super) async fn taken(conn: &mut impl On, organisation: Uuid, day: i64) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(TAKEN).bind(organisation).bind(day).fetch_one(c))?)
}

/// Forgets the counts of days before this one.
pub(in super::super) async fn forget_days(tx: &mut Tx, day: i64) -> Result<()> {
    on!(tx, c => sqlx::query(OLD_DAYS).bind(day).execute(c))?;
    Ok(())
}

/// Erases a card with its overlaps; its id stays. `false` if it was gone.
pub(in super::super) async fn erase(tx: &mut Tx, id: Uuid, at: i64) -> Result<bool> {
    super::overlaps::keep_in_mind(tx, id, at).await?;
    super::overlaps::erase_of(tx, id).await?;
    let done = on!(tx, c => sqlx::query(DELETE).bind(id).execute(c))?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    on!(tx, c => sqlx::query(GONE).execute(c))?;
    super::gone::note_gone(tx, id, at).await?;
    tx.erases();
    Ok(true)
}

/// Cards whose review is past, and whose people weren't reminded.
pub(in super::super) async fn for_review(conn: &mut impl On, now: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(FOR_REVIEW).bind(now).fetch_all(c))?)
}

/// Notes that a card's people are reminded. `false` if they were.
pub(in super::super) async fn reminded(tx: &mut Tx, id: Uuid, at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(REMINDED).bind(id).bind(at).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Cards whose people were reminded before this.
pub(in super::super) async fn to_go(conn: &mut impl On, before: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(TO_GO).bind(before).fetch_all(c))?)
}

pub(in super::super) async fn of_exercise(conn: &mut impl On, exercise: Uuid) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(OF_EXERCISE).bind(exercise).fetch_all(c))?)
}

/// The exercises that there are cards of.
pub(in super::super) async fn exercises(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(EXERCISES).fetch_all(c))?)
}

/// An organisation with what the rules ask of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in super::super) struct HouseRow {
    pub(in super::super) id: Uuid,
    pub(in super::super) name: String,
    pub(in super::super) kind: String,
    pub(in super::super) country: Option<String>,
    pub(in super::super) regime: String,
}

impl HouseRow {
    /// As the rules see it.
    pub(in super::super) fn as_house(&self) -> House {
        let kind = vocabulary::kind(&self.kind);
        House {
            id: self.id,
            sends_requests: kind.is_some_and(|kind| kind.sends_requests),
            matches: kind.is_some_and(|kind| kind.matches),
            led: self.regime == super::super::LED,
        }
    }
}

/// These organisations, by name.
pub(in super::super) async fn houses(conn: &mut impl On, ids: &[Uuid]) -> Result<Vec<HouseRow>> {
    let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string().to_uppercase()).collect();
    let ids = serde_json::to_string(&ids).unwrap_or_default();
    Ok(on!(conn, c => sqlx::query_as(HOUSES).bind(ids).fetch_all(c))?)
}

/// The organisations of the law-enforcement regime that somebody answers for, by name.
pub(in super::super) async fn matching_houses(conn: &mut impl On) -> Result<Vec<HouseRow>> {
    Ok(on!(conn, c => sqlx::query_as(MATCHING_HOUSES).fetch_all(c))?)
}
