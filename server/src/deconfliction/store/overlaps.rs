//! Cards that may be about the same, and who was told of them.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const OVERLAPS: &str = "SELECT v.id, v.one, v.other, v.found_at, v.one_state, v.other_state,
        a.organisation AS one_organisation, a.made_by AS one_author, b.organisation AS other_organisation, b.made_by AS other_author,
        a.exercise
    FROM card_overlap v JOIN file_card a ON a.id = v.one JOIN file_card b ON b.id = v.other";
const OF: &str = " WHERE (a.organisation = $1 OR b.organisation = $1) AND (a.exercise IS NOT NULL OR NOT $3) ORDER BY v.found_at DESC, v.id DESC LIMIT $2";
const ONE: &str = " WHERE v.id = $1";
const WAS_TOLD: &str =
    "SELECT count(*) FROM card_told WHERE (organisation = $1 AND card = $2) OR (organisation = $3 AND card = $4)";
const INSERT: &str =
    "INSERT INTO card_overlap (id, one, other, found_at, one_state, other_state) VALUES ($1, $2, $3, $4, 'new', 'new')
    ON CONFLICT (one, other) DO NOTHING";
const TELL: &str =
    "INSERT INTO card_told (organisation, card, at) VALUES ($1, $2, $3) ON CONFLICT (organisation, card) DO UPDATE SET at = $3";
const SET_ONE: &str = "UPDATE card_overlap SET one_state = $2 WHERE id = $1";
const SET_OTHER: &str = "UPDATE card_overlap SET other_state = $2 WHERE id = $1";
const KEEP_IN_MIND: &str = "UPDATE card_told SET at = $2 WHERE organisation = (SELECT organisation FROM file_card WHERE id = $1)
    AND card IN (SELECT CASE WHEN one = $1 THEN other ELSE one END FROM card_overlap WHERE one = $1 OR other = $1)";
const ERASE_OF: &str = "DELETE FROM card_overlap WHERE one = $1 OR other = $1";
const FORGET_OF: &str = "DELETE FROM card_told WHERE card = $1";
const FORGET: &str = "DELETE FROM card_told WHERE at < $1 AND NOT EXISTS (
        SELECT 1 FROM card_overlap v JOIN file_card c ON c.id IN (v.one, v.other) AND c.id <> card_told.card
        WHERE card_told.card IN (v.one, v.other) AND c.organisation = card_told.organisation)";

/// Two cards that may be about the same, with whose they are.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in super::super) struct OverlapRow {
    pub(in super::super) id: Uuid,
    pub(in super::super) one: Uuid,
    pub(in super::super) other: Uuid,
    pub(in super::super) found_at: i64,
    pub(in super::super) one_state: String,
    pub(in super::super) other_state: String,
    pub(in super::super) one_organisation: Uuid,
    pub(in super::super) one_author: Uuid,
    pub(in super::super) other_organisation: Uuid,
    pub(in super::super) other_author: Uuid,
    pub(in super::super) exercise: Option<Uuid>,
}

/// The overlaps of an organisation's cards, or those that are made up for an exercise alone, the latest first.
pub(in super::super) async fn overlaps(
    conn: &mut impl On,
    organisation: Uuid,
    invented: bool,
    limit: i64,
) -> Result<Vec<OverlapRow>> {
    let sql = format!("{OVERLAPS}{OF}");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(organisation).bind(limit).bind(invented).fetch_all(c))?)
}

/// An overlap, whoever hears of it.
pub(in super::super) async fn overlap(conn: &mut impl On, id: Uuid) -> Result<Option<OverlapRow>> {
    let sql = format!("{OVERLAPS}{ONE}");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

/// Stores that two cards may be about the same, each with its organisation. `false` if that is known, or one of the two organisations
/// was told of the other's card before.
pub(in super::super) async fn meet(tx: &mut Tx, id: Uuid, one: (Uuid, Uuid), other: (Uuid, Uuid), at: i64) -> Result<bool> {
    let told: i64 = on!(tx, c => sqlx::query_scalar(WAS_TOLD).bind(one.1).bind(other.0).bind(other.1).bind(one.0).fetch_one(c))?;
    if told > 0 {
        return Ok(false);
    }
    let (first, last) = if one.0 < other.0 { (one.0, other.0) } else { (other.0, one.0) };
    let done = on!(tx, c => sqlx::query(INSERT).bind(id).bind(first).bind(last).bind(at).execute(c))?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    for (organisation, card) in [(one.1, other.0), (other.1, one.0)] {
        on!(tx, c => sqlx::query(TELL).bind(organisation).bind(card).bind(at).execute(c))?;
    }
    Ok(true)
}

/// What one side makes of it: that of the smaller id, or the other.
pub(in super::super) async fn set_state(tx: &mut Tx, id: Uuid, of_one: bool, state: &str) -> Result<()> {
    let sql = if of_one { SET_ONE } else { SET_OTHER };
    on!(tx, c => sqlx::query(sql).bind(id).bind(state).execute(c))?;
    Ok(())
}

/// Before a card goes: its organisation was told of those that it met, as of now.
pub(super) async fn keep_in_mind(tx: &mut Tx, card: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(KEEP_IN_MIND).bind(card).bind(at).execute(c))?;
    Ok(())
}

/// The overlaps of a card go, and who was told of it.
pub(super) async fn erase_of(tx: &mut Tx, card: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(ERASE_OF).bind(card).execute(c))?;
    on!(tx, c => sqlx::query(FORGET_OF).bind(card).execute(c))?;
    Ok(())
}

/// Forgets who was told before this of a card that none of theirs meets any more.
pub(in super::super) async fn forget_told(tx: &mut Tx, before: i64) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET).bind(before).execute(c))?;
    Ok(())
}
