//! The tables of `0043_cases.sql` and `0054_case_acknowledgements.sql`: rooms here, members, entries and proposals beside.

pub(super) mod entries;
pub(super) mod members;
pub(super) mod proposals;

use std::collections::HashMap;

use serde::Serialize;
use sqlx::AssertSqlSafe;
use sqlx::query::QueryAs;
use utoipa::ToSchema;
use uuid::Uuid;

use super::words::{Phase, Risk, Side, Word};
use crate::base::db::{On, Result, Tx};

const ROOM: &str =
    "SELECT r.id, r.reference, r.lead, o.name AS lead_name, r.phase, r.side, r.risk, r.marking, r.next_review, r.seq,
        r.created_by, r.created_at, r.changed_at, r.closed_at, r.retention_until, r.exercise
    FROM case_room r JOIN organisation o ON o.id = r.lead";
const INSERT: &str =
    "INSERT INTO case_room (id, reference, lead, phase, risk, marking, next_review, created_by, created_at, changed_at, exercise)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)";
const TAKEN: &str = "SELECT count(*) FROM case_room WHERE reference = $1";
const NEXT: &str = "UPDATE case_room SET seq = seq + 1, changed_at = $2 WHERE id = $1 RETURNING seq";
const SET_SHEET: &str = "UPDATE case_room SET risk = $2, next_review = $3 WHERE id = $1";
const SET_PHASE: &str = "UPDATE case_room SET phase = $2 WHERE id = $1";
const SET_SIDE: &str = "UPDATE case_room SET side = $2 WHERE id = $1";
const SET_LEAD: &str = "UPDATE case_room SET lead = $2 WHERE id = $1";
const CLOSE: &str =
    "UPDATE case_room SET phase = 'closed', closed_at = $2, retention_until = $3 WHERE id = $1 AND closed_at IS NULL";
const PAST: &str = "SELECT id FROM case_room WHERE retention_until <= $1 ORDER BY retention_until LIMIT 20";
const OF_EXERCISES: &str = "SELECT id, exercise FROM case_room WHERE exercise IS NOT NULL";
const GONE: &str = "INSERT INTO case_gone (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const ERASED: &str = "SELECT r.id FROM case_room r JOIN case_gone g ON g.id = r.id LIMIT 20";
const FORGET: [&str; 5] = [
    "DELETE FROM case_acknowledgement WHERE room = $1",
    "DELETE FROM case_entry WHERE room = $1",
    "DELETE FROM case_proposal WHERE room = $1",
    "DELETE FROM case_member WHERE room = $1",
    "DELETE FROM case_room WHERE id = $1",
];
const WHO: &str = "SELECT a.id, a.name, a.organisation_id AS organisation, o.name AS organisation_name
    FROM account a LEFT JOIN organisation o ON o.id = a.organisation_id WHERE a.id IN";

/// People asked about at once.
const AT_ONCE: usize = 200;

/// A room, as far as it is known without its key.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Room {
    pub(super) id: Uuid,
    pub(super) reference: String,
    pub(super) lead: Uuid,
    pub(super) lead_name: String,
    phase: String,
    side: Option<String>,
    risk: String,
    pub(super) marking: String,
    pub(super) next_review: String,
    pub(super) seq: i64,
    pub(super) created_by: Uuid,
    pub(super) created_at: i64,
    pub(super) changed_at: i64,
    pub(super) closed_at: Option<i64>,
    pub(super) retention_until: Option<i64>,
    pub(super) exercise: Option<Uuid>,
}

impl Room {
    /// How far it has come.
    pub(super) fn phase(&self) -> Phase {
        Phase::of(&self.phase).unwrap_or(Phase::Identification)
    }

    /// What keeps it from going on.
    pub(super) fn side(&self) -> Option<Side> {
        self.side.as_deref().and_then(Side::of)
    }

    /// What can't be read is taken for high: the shorter clock.
    pub(super) fn risk(&self) -> Risk {
        Risk::of(&self.risk).unwrap_or(Risk::High)
    }
}

/// A room to be opened.
pub(super) struct NewRoom<'a> {
    pub(super) id: Uuid,
    pub(super) reference: &'a str,
    pub(super) lead: Uuid,
    pub(super) phase: Phase,
    pub(super) risk: Risk,
    pub(super) marking: &'a str,
    pub(super) next_review: &'a str,
    pub(super) by: Uuid,
    pub(super) at: i64,
    pub(super) exercise: Option<Uuid>,
}

pub(super) async fn insert(tx: &mut Tx, new: &NewRoom<'_>) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.id).bind(new.reference).bind(new.lead).bind(new.phase.as_str()).bind(new.risk.as_str()).bind(new.marking)
        .bind(new.next_review).bind(new.by).bind(new.at).bind(new.exercise).execute(c))?;
    Ok(())
}

/// Whether a room is called so already.
pub(super) async fn is_taken(conn: &mut impl On, reference: &str) -> Result<bool> {
    let found: i64 = on!(conn, c => sqlx::query_scalar(TAKEN).bind(reference).fetch_one(c))?;
    Ok(found > 0)
}

/// A room, whoever may know of it.
pub(super) async fn room(conn: &mut impl On, id: Uuid) -> Result<Option<Room>> {
    let sql = format!("{ROOM} WHERE r.id = $1");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

/// The rooms in which somebody is an active member. What is to be reviewed first comes first, what is closed last.
pub(super) async fn rooms_of(conn: &mut impl On, account: Uuid) -> Result<Vec<Room>> {
    let sql = format!(
        "{ROOM} JOIN case_member m ON m.room = r.id WHERE m.account = $1 AND m.state = 'active'
        ORDER BY r.closed_at IS NOT NULL, r.next_review, r.id"
    );
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(account).fetch_all(c))?)
}

/// Takes the room's next number, at a time (microseconds).
pub(super) async fn next(tx: &mut Tx, room: Uuid, at: i64) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(NEXT).bind(room).bind(at).fetch_one(c))?)
}

pub(super) async fn set_sheet(tx: &mut Tx, room: Uuid, risk: Risk, next_review: &str) -> Result<()> {
    on!(tx, c => sqlx::query(SET_SHEET).bind(room).bind(risk.as_str()).bind(next_review).execute(c))?;
    Ok(())
}

pub(super) async fn set_phase(tx: &mut Tx, room: Uuid, phase: Phase) -> Result<()> {
    on!(tx, c => sqlx::query(SET_PHASE).bind(room).bind(phase.as_str()).execute(c))?;
    Ok(())
}

pub(super) async fn set_side(tx: &mut Tx, room: Uuid, side: Option<Side>) -> Result<()> {
    on!(tx, c => sqlx::query(SET_SIDE).bind(room).bind(side.map(Side::as_str)).execute(c))?;
    Ok(())
}

pub(super) async fn set_lead(tx: &mut Tx, room: Uuid, lead: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(SET_LEAD).bind(room).bind(lead).execute(c))?;
    Ok(())
}

/// Closes a room; `false` if it was closed before.
pub(super) async fn close(tx: &mut Tx, room: Uuid, at: i64, until: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(CLOSE).bind(room).bind(at).bind(until).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Rooms whose time after closing is over.
pub(super) async fn past(conn: &mut impl On, now: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(PAST).bind(now).fetch_all(c))?)
}

/// The rooms of exercises, and of which.
pub(super) async fn of_exercises(conn: &mut impl On) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(on!(conn, c => sqlx::query_as(OF_EXERCISES).fetch_all(c))?)
}

/// Notes that a room was erased, or is to be.
pub(super) async fn gone(tx: &mut Tx, room: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(GONE).bind(room).bind(at).execute(c))?;
    Ok(())
}

/// Rooms that were erased and are there: a backup has brought them back.
pub(super) async fn erased(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(ERASED).fetch_all(c))?)
}

/// Takes a room out of storage, with all that stands in it.
pub(super) async fn forget(tx: &mut Tx, room: Uuid) -> Result<()> {
    for sql in FORGET {
        on!(tx, c => sqlx::query(sql).bind(room).execute(c))?;
    }
    Ok(())
}

/// Somebody, by name and place of work.
#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
#[schema(as = CasePerson)]
pub(super) struct Who {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) organisation: Option<Uuid>,
    pub(super) organisation_name: Option<String>,
}

/// People by their ids.
pub(super) struct People(HashMap<Uuid, Who>);

impl People {
    /// Somebody among them; a name that is gone is empty.
    pub(super) fn who(&self, id: Uuid) -> Who {
        let nobody = || Who { id, name: String::new(), organisation: None, organisation_name: None };
        self.0.get(&id).cloned().unwrap_or_else(nobody)
    }
}

/// These people.
pub(super) async fn people(conn: &mut impl On, ids: impl IntoIterator<Item = Uuid>) -> Result<People> {
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = HashMap::new();
    for some in ids.chunks(AT_ONCE) {
        let places: Vec<String> = (1..=some.len()).map(|n| format!("${n}")).collect();
        let sql = format!("{WHO} ({})", places.join(", "));
        let query = sqlx::query_as(AssertSqlSafe(sql));
        let rows: Vec<Who> = on!(conn, c => some.iter().fold(query, QueryAs::bind).fetch_all(c))?;
        found.extend(rows.into_iter().map(|who| (who.id, who)));
    }
    Ok(People(found))
}
