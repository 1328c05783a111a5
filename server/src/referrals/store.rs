//! The tables of `0045_referrals.sql` and `0046_referral_capacity.sql`.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::model::State;
use super::partners::Capacity;
use crate::access::ReferralSide;
use crate::base::db::{On, Result, Tx};

const COLUMNS: &str =
    "SELECT r.id, r.reference, r.case_id, r.from_org, r.to_org, r.from_country, r.to_country, r.state, r.exercise,
        r.author, r.revision, r.arrival_hours, r.created_at, r.changed_at, r.arrival_due, r.alarm_at, r.closed_at, r.sealed
    FROM referral r";
/// What is open comes before what is over, and then what has changed last. Who may read which is asked of the rules.
const OF_PERSON: &str = "JOIN referral_person p ON p.referral = r.id
    WHERE p.account = $1 AND ($2 IS NULL OR r.case_id = $2) ORDER BY r.closed_at IS NOT NULL, r.changed_at DESC LIMIT $3";
const INSERT: &str =
    "INSERT INTO referral (id, reference, case_id, from_org, to_org, from_country, to_country, state, exercise, author,
        arrival_hours, created_at, changed_at, sealed)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, $10, $11, $11, $12)";
const CHANGE: &str = "UPDATE referral SET to_org = $2, to_country = $3, arrival_hours = $4, sealed = $5, changed_at = $6,
        revision = revision + 1 WHERE id = $1 AND revision = $7 AND state = 'draft'";
const RESEAL: &str = "UPDATE referral SET sealed = $2, revision = revision + 1 WHERE id = $1";
/// The clock of the arrival begins with the hand-over and ends with the step after it.
const SET_STATE: &str =
    "UPDATE referral SET state = $3, changed_at = $4, arrival_due = $5, closed_at = $6, revision = revision + 1
    WHERE id = $1 AND state = $2";
const SET_ALARM: &str = "UPDATE referral SET alarm_at = $2 WHERE id = $1 AND state = 'handed_over' AND alarm_at IS NULL";
const TAKEN: &str = "SELECT count(*) FROM referral WHERE reference = $1";
const ADMIT: &str = "INSERT INTO referral_person (referral, account, side) VALUES ($1, $2, $3)
    ON CONFLICT (referral, account) DO UPDATE SET side = excluded.side";
const DISMISS: &str = "DELETE FROM referral_person WHERE referral = $1 AND account = $2";
const PEOPLE: &str = "SELECT account, side FROM referral_person WHERE referral = $1 ORDER BY account";
const SAY: &str = "INSERT INTO referral_step (referral, n, act, author, at, sealed)
    SELECT $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5 FROM referral_step WHERE referral = $1";
const STEPS: &str = "SELECT n, act, author, at, sealed FROM referral_step WHERE referral = $1 ORDER BY n";
const NEXT: &str = "SELECT coalesce(max(n), 0) + 1 FROM referral_step WHERE referral = $1";
const TICK: &str = "INSERT INTO referral_tick (referral, step, by, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const UNTICK: &str = "DELETE FROM referral_tick WHERE referral = $1 AND step = $2";
const TICKS: &str = "SELECT step, by, at FROM referral_tick WHERE referral = $1";
const LATE: &str = "SELECT id FROM referral WHERE state = 'handed_over' AND alarm_at IS NULL AND arrival_due <= $1 LIMIT 100";
const WAITING: &str = "SELECT id FROM referral
    WHERE state IN ('draft', 'sent', 'acknowledged', 'info_requested', 'info_given', 'accepted') AND changed_at <= $1 LIMIT 100";
const OLD: &str = "SELECT id FROM referral WHERE closed_at <= $1 OR changed_at <= $2 LIMIT 100";
const OF_EXERCISE: &str = "SELECT id FROM referral WHERE exercise = $1";
const ERASE: [&str; 4] = [
    "DELETE FROM referral_tick WHERE referral = $1",
    "DELETE FROM referral_step WHERE referral = $1",
    "DELETE FROM referral_person WHERE referral = $1",
    "DELETE FROM referral WHERE id = $1",
];
const SAY_CAPACITY: &str = "INSERT INTO referral_capacity (organisation, capacity, by, at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (organisation) DO UPDATE SET capacity = excluded.capacity, by = excluded.by, at = excluded.at";
const CAPACITIES: &str = "SELECT organisation, capacity, at FROM referral_capacity";

/// A referral's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) reference: String,
    pub(super) case_id: Uuid,
    pub(super) from_org: Uuid,
    pub(super) to_org: Option<Uuid>,
    pub(super) from_country: String,
    pub(super) to_country: Option<String>,
    pub(super) state: String,
    pub(super) exercise: Option<Uuid>,
    pub(super) author: Uuid,
    pub(super) revision: i64,
    pub(super) arrival_hours: i64,
    pub(super) created_at: i64,
    pub(super) changed_at: i64,
    pub(super) arrival_due: Option<i64>,
    pub(super) alarm_at: Option<i64>,
    pub(super) closed_at: Option<i64>,
    pub(super) sealed: Vec<u8>,
}

impl Row {
    pub(super) fn state(&self) -> State {
        State::of(&self.state)
    }

    /// Whether the child goes to another country.
    pub(super) fn is_across_a_border(&self) -> bool {
        self.to_country.as_deref().is_some_and(|code| code != self.from_country)
    }

    /// By when something is to happen (microseconds): an arrival, or an answer.
    pub(super) fn due(&self) -> Option<i64> {
        self.arrival_due.or_else(|| self.state().waits_until(self.changed_at))
    }
}

/// The word of a side in storage.
fn word(side: ReferralSide) -> &'static str {
    match side {
        ReferralSide::Sender => "sender",
        ReferralSide::Receiver => "receiver",
    }
}

/// A referral, whoever may read it.
pub(super) async fn one(conn: &mut impl On, id: Uuid) -> Result<Option<Row>> {
    let sql = format!("{COLUMNS} WHERE r.id = $1");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

/// Those that somebody was let into, of this case or of all.
pub(super) async fn of_person(conn: &mut impl On, account: Uuid, case: Option<Uuid>, limit: i64) -> Result<Vec<Row>> {
    let sql = format!("{COLUMNS} {OF_PERSON}");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(account).bind(case).bind(limit).fetch_all(c))?)
}

/// Whether a reference is taken.
pub(super) async fn is_taken(conn: &mut impl On, reference: &str) -> Result<bool> {
    let count: i64 = on!(conn, c => sqlx::query_scalar(TAKEN).bind(reference).fetch_one(c))?;
    Ok(count > 0)
}

pub(super) async fn insert(tx: &mut Tx, row: &Row) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(row.id).bind(&row.reference).bind(row.case_id).bind(row.from_org).bind(row.to_org).bind(&row.from_country)
        .bind(&row.to_country).bind(row.exercise).bind(row.author).bind(row.arrival_hours).bind(row.created_at).bind(&row.sealed)
        .execute(c))?;
    Ok(())
}

/// A draft as it is to be.
pub(super) struct Draft<'a> {
    pub(super) to: Option<Uuid>,
    pub(super) to_country: Option<&'a str>,
    pub(super) arrival_hours: i64,
    pub(super) sealed: &'a [u8],
}

/// Changes a draft that stands at this revision. `false` if somebody was faster.
pub(super) async fn change(tx: &mut Tx, id: Uuid, draft: &Draft<'_>, revision: i64, at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(CHANGE)
        .bind(id).bind(draft.to).bind(draft.to_country).bind(draft.arrival_hours).bind(draft.sealed).bind(at).bind(revision)
        .execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Puts other sealed texts in the place of those before.
pub(super) async fn reseal(tx: &mut Tx, id: Uuid, sealed: &[u8]) -> Result<()> {
    on!(tx, c => sqlx::query(RESEAL).bind(id).bind(sealed).execute(c))?;
    Ok(())
}

/// Gives a referral another state. `false` if it has another one than this meanwhile.
pub(super) async fn set_state(
    tx: &mut Tx,
    id: Uuid,
    (from, to): (State, State),
    at: i64,
    arrival_due: Option<i64>,
) -> Result<bool> {
    let closed_at = (!to.is_open()).then_some(at);
    let done = on!(tx, c => sqlx::query(SET_STATE)
        .bind(id).bind(from.as_str()).bind(to.as_str()).bind(at).bind(arrival_due).bind(closed_at).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a child has not arrived in time. `false` if that was noted, or the child has arrived.
pub(super) async fn set_alarm(tx: &mut Tx, id: Uuid, at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(SET_ALARM).bind(id).bind(at).execute(c))?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn admit(tx: &mut Tx, id: Uuid, account: Uuid, side: ReferralSide) -> Result<()> {
    on!(tx, c => sqlx::query(ADMIT).bind(id).bind(account).bind(word(side)).execute(c))?;
    Ok(())
}

pub(super) async fn dismiss(tx: &mut Tx, id: Uuid, account: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(DISMISS).bind(id).bind(account).execute(c))?;
    Ok(())
}

/// Who was let in, and on which side.
pub(super) async fn people(conn: &mut impl On, id: Uuid) -> Result<Vec<(Uuid, ReferralSide)>> {
    let rows: Vec<(Uuid, String)> = on!(conn, c => sqlx::query_as(PEOPLE).bind(id).fetch_all(c))?;
    let side = |word: String| if word == "sender" { ReferralSide::Sender } else { ReferralSide::Receiver };
    Ok(rows.into_iter().map(|(account, word)| (account, side(word))).collect())
}

/// The number of the next step.
pub(super) async fn next_step(conn: &mut impl On, id: Uuid) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(NEXT).bind(id).fetch_one(c))?)
}

/// Notes a step, with what was said.
pub(super) async fn say(tx: &mut Tx, id: Uuid, act: &str, by: Option<Uuid>, at: i64, sealed: Option<&[u8]>) -> Result<()> {
    on!(tx, c => sqlx::query(SAY).bind(id).bind(act).bind(by).bind(at).bind(sealed).execute(c))?;
    Ok(())
}

/// A step that was taken.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Step {
    pub(super) n: i64,
    pub(super) act: String,
    pub(super) author: Option<Uuid>,
    pub(super) at: i64,
    pub(super) sealed: Option<Vec<u8>>,
}

pub(super) async fn steps(conn: &mut impl On, id: Uuid) -> Result<Vec<Step>> {
    Ok(on!(conn, c => sqlx::query_as(STEPS).bind(id).fetch_all(c))?)
}

pub(super) async fn tick(tx: &mut Tx, id: Uuid, step: &str, by: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(TICK).bind(id).bind(step).bind(by).bind(at).execute(c))?;
    Ok(())
}

pub(super) async fn untick(tx: &mut Tx, id: Uuid, step: &str) -> Result<()> {
    on!(tx, c => sqlx::query(UNTICK).bind(id).bind(step).execute(c))?;
    Ok(())
}

/// What was ticked: step, by whom, when.
pub(super) async fn ticks(conn: &mut impl On, id: Uuid) -> Result<Vec<(String, Uuid, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(TICKS).bind(id).fetch_all(c))?)
}

/// Those whose child was to have arrived before then, and of which nobody was told.
pub(super) async fn late(conn: &mut impl On, now: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(LATE).bind(now).fetch_all(c))?)
}

/// Those that wait and have not changed since then.
pub(super) async fn waiting_since(conn: &mut impl On, then: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(WAITING).bind(then).fetch_all(c))?)
}

/// Those that were over before one time, or have not changed since another.
pub(super) async fn old(conn: &mut impl On, over: i64, unchanged: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(OLD).bind(over).bind(unchanged).fetch_all(c))?)
}

pub(super) async fn of_exercise(conn: &mut impl On, exercise: Uuid) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(OF_EXERCISE).bind(exercise).fetch_all(c))?)
}

/// Removes everything of a referral. Its keys are destroyed elsewhere.
pub(super) async fn erase(tx: &mut Tx, id: Uuid) -> Result<()> {
    for statement in ERASE {
        on!(tx, c => sqlx::query(statement).bind(id).execute(c))?;
    }
    tx.erases();
    Ok(())
}

pub(super) async fn say_capacity(tx: &mut Tx, organisation: Uuid, capacity: Capacity, by: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(SAY_CAPACITY).bind(organisation).bind(capacity.as_str()).bind(by).bind(at).execute(c))?;
    Ok(())
}

/// What organisations have said of their places, and when.
pub(super) async fn capacities(conn: &mut impl On) -> Result<Vec<(Uuid, Capacity, i64)>> {
    let rows: Vec<(Uuid, String, i64)> = on!(conn, c => sqlx::query_as(CAPACITIES).fetch_all(c))?;
    Ok(rows.into_iter().filter_map(|(id, word, at)| Some((id, Capacity::of(&word)?, at))).collect())
}
