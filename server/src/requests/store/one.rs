//! Requests themselves.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::access::{Request, RequestState};
use crate::base::db::{On, Result, Tx};
use crate::requests::clock::Running;
use crate::requests::model::{Kind, Outcome, Urgency};

const COLUMNS: &str =
    "SELECT id, kind, asker, asked, author, screener, handler, words, urgency, marking, labels, exercise, state,
        screened_by, sent_at, zone, due_first, due_at, stood, stands_since, acknowledged_at, acknowledged_by, answered_at,
        answered_by, outcome, ground, competent, reply, escalation, escalate_at, forwarded_from, forwarded_to, closed_at, closing,
        created_at, changed_at, revision
    FROM coordination_request i";
const KNOWN: &str = "SELECT asker, asked, author, screener, handler, marking, state FROM coordination_request WHERE id = $1";
/// Those that may concern somebody: named on them, or answering for one of their organisations. The rule decides.
const MINE: &str = "(i.author = $1 OR i.screener = $1 OR i.handler = $1
        OR i.asker IN (SELECT organisation FROM focal_point WHERE account = $1)
        OR i.asked IN (SELECT organisation FROM focal_point WHERE account = $1))";
/// What is due first comes first; what has no clock yet comes last.
const OPEN: &str = "i.state <> 'closed' ORDER BY coalesce(i.due_at, 9223372036854775807), i.created_at, i.id LIMIT $2";
const CLOSED: &str = "i.state = 'closed' AND ($3 IS NULL OR i.closed_at < $3 OR (i.closed_at = $3 AND i.id < $4))
    ORDER BY i.closed_at DESC, i.id DESC LIMIT $2";
const INSERT: &str =
    "INSERT INTO coordination_request (id, kind, asker, asked, author, words, urgency, marking, labels, exercise, state,
        forwarded_from, created_at, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'draft', $11, $12, $12)";
const SAVE: &str =
    "UPDATE coordination_request SET kind = $3, asker = $4, asked = $5, screener = $6, handler = $7, words = $8, urgency = $9,
        marking = $10, labels = $11, exercise = $12, state = $13, screened_by = $14, sent_at = $15, zone = $16, due_first = $17,
        due_at = $18, stood = $19, stands_since = $20, acknowledged_at = $21, acknowledged_by = $22, answered_at = $23,
        answered_by = $24, outcome = $25, ground = $26, competent = $27, reply = $28, escalation = $29, escalate_at = $30,
        forwarded_to = $31, closed_at = $32, closing = $33, changed_at = $34, revision = revision + 1
    WHERE id = $1 AND revision = $2";
const DRAFTS: &str = "SELECT count(*) FROM coordination_request WHERE asker = $1 AND state IN ('draft', 'screened')";
const DUE: &str = "SELECT id FROM coordination_request WHERE escalate_at <= $1 ORDER BY escalate_at LIMIT $2";
const OF_EXERCISE: &str = "SELECT id FROM coordination_request WHERE exercise = $1 LIMIT $2";
const PAST: &str = "SELECT id FROM coordination_request WHERE closed_at <= $1 ORDER BY closed_at LIMIT $2";
const ERASE: [&str; 4] = [
    "DELETE FROM coordination_step WHERE request = $1",
    "DELETE FROM coordination_reader WHERE request = $1",
    "DELETE FROM coordination_channel WHERE request = $1",
    "DELETE FROM coordination_request WHERE id = $1",
];

/// Of a request what the rule asks for, and no more: it is denied as fast as one that isn't there.
#[derive(sqlx::FromRow)]
pub(in crate::requests) struct Known {
    asker: Uuid,
    asked: Uuid,
    author: Uuid,
    screener: Option<Uuid>,
    handler: Option<Uuid>,
    marking: String,
    state: String,
}

impl Known {
    pub(in crate::requests) fn facts(&self) -> Request<'_> {
        Request {
            asker: self.asker,
            asked: self.asked,
            author: self.author,
            screener: self.screener,
            handler: self.handler,
            marking: &self.marking,
            state: RequestState::of(&self.state),
        }
    }
}

/// A request as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::requests) struct Row {
    pub(in crate::requests) id: Uuid,
    pub(in crate::requests) kind: String,
    pub(in crate::requests) asker: Uuid,
    pub(in crate::requests) asked: Uuid,
    pub(in crate::requests) author: Uuid,
    pub(in crate::requests) screener: Option<Uuid>,
    pub(in crate::requests) handler: Option<Uuid>,
    /// Sealed.
    pub(in crate::requests) words: Vec<u8>,
    pub(in crate::requests) urgency: String,
    pub(in crate::requests) marking: String,
    pub(in crate::requests) labels: Option<String>,
    pub(in crate::requests) exercise: Option<Uuid>,
    pub(in crate::requests) state: String,
    pub(in crate::requests) screened_by: Option<Uuid>,
    pub(in crate::requests) sent_at: Option<i64>,
    pub(in crate::requests) zone: Option<String>,
    pub(in crate::requests) due_first: Option<i64>,
    pub(in crate::requests) due_at: Option<i64>,
    pub(in crate::requests) stood: i64,
    pub(in crate::requests) stands_since: Option<i64>,
    pub(in crate::requests) acknowledged_at: Option<i64>,
    pub(in crate::requests) acknowledged_by: Option<Uuid>,
    pub(in crate::requests) answered_at: Option<i64>,
    pub(in crate::requests) answered_by: Option<Uuid>,
    pub(in crate::requests) outcome: Option<String>,
    pub(in crate::requests) ground: Option<String>,
    pub(in crate::requests) competent: Option<Uuid>,
    /// Sealed.
    pub(in crate::requests) reply: Option<Vec<u8>>,
    pub(in crate::requests) escalation: i64,
    pub(in crate::requests) escalate_at: Option<i64>,
    pub(in crate::requests) forwarded_from: Option<Uuid>,
    pub(in crate::requests) forwarded_to: Option<Uuid>,
    pub(in crate::requests) closed_at: Option<i64>,
    pub(in crate::requests) closing: Option<String>,
    pub(in crate::requests) created_at: i64,
    pub(in crate::requests) changed_at: i64,
    pub(in crate::requests) revision: i64,
}

impl Row {
    /// A draft of somebody from one organisation to another, that says nothing yet.
    pub(in crate::requests) fn draft(id: Uuid, (asker, asked): (Uuid, Uuid), author: Uuid, at: i64) -> Self {
        Self {
            id,
            kind: String::new(),
            asker,
            asked,
            author,
            screener: None,
            handler: None,
            words: Vec::new(),
            urgency: String::new(),
            marking: String::new(),
            labels: None,
            exercise: None,
            state: RequestState::Draft.as_str().into(),
            screened_by: None,
            sent_at: None,
            zone: None,
            due_first: None,
            due_at: None,
            stood: 0,
            stands_since: None,
            acknowledged_at: None,
            acknowledged_by: None,
            answered_at: None,
            answered_by: None,
            outcome: None,
            ground: None,
            competent: None,
            reply: None,
            escalation: 0,
            escalate_at: None,
            forwarded_from: None,
            forwarded_to: None,
            closed_at: None,
            closing: None,
            created_at: at,
            changed_at: at,
            revision: 0,
        }
    }

    pub(in crate::requests) fn state(&self) -> RequestState {
        RequestState::of(&self.state)
    }

    pub(in crate::requests) fn kind(&self) -> Kind {
        Kind::of(&self.kind).unwrap_or(Kind::LegalQuestion)
    }

    pub(in crate::requests) fn urgency(&self) -> Urgency {
        Urgency::of(&self.urgency).unwrap_or(Urgency::D7)
    }

    pub(in crate::requests) fn outcome(&self) -> Option<Outcome> {
        self.outcome.as_deref().and_then(Outcome::of)
    }

    /// What the rules must know of it.
    pub(in crate::requests) fn facts(&self) -> Request<'_> {
        Request {
            asker: self.asker,
            asked: self.asked,
            author: self.author,
            screener: self.screener,
            handler: self.handler,
            marking: &self.marking,
            state: self.state(),
        }
    }

    /// Its clock, once it was sent.
    pub(in crate::requests) fn clock(&self) -> Option<Running> {
        Some(Running { due_at: self.due_at?, stood: self.stood, stands_since: self.stands_since })
    }

    pub(in crate::requests) fn set_clock(&mut self, clock: Running) {
        (self.due_at, self.stood, self.stands_since) = (Some(clock.due_at), clock.stood, clock.stands_since);
    }
}

/// Which requests are asked for.
#[derive(Clone, Copy, Debug)]
pub(in crate::requests) enum Which {
    /// Those that aren't over.
    Open,
    /// Those that are, the latest first, after this one of the page before.
    Closed(Option<(i64, Uuid)>),
}

/// Requests that may concern somebody.
pub(in crate::requests) async fn listed(conn: &mut impl On, account: Uuid, which: Which, limit: i64) -> Result<Vec<Row>> {
    let (narrowed, after) = match which {
        Which::Open => (OPEN, None),
        Which::Closed(after) => (CLOSED, after),
    };
    let sql = format!("{COLUMNS} WHERE {MINE} AND {narrowed}");
    let (at, id) = after.unzip();
    let query = sqlx::query_as(AssertSqlSafe(sql)).bind(account).bind(limit);
    let query = if matches!(which, Which::Open) { query } else { query.bind(at).bind(id) };
    Ok(on!(conn, c => query.fetch_all(c))?)
}

/// What the rule asks about a request, whoever may read it.
pub(in crate::requests) async fn known(conn: &mut impl On, id: Uuid) -> Result<Option<Known>> {
    Ok(on!(conn, c => sqlx::query_as(KNOWN).bind(id).fetch_optional(c))?)
}

/// A request, whoever may read it.
pub(in crate::requests) async fn one(conn: &mut impl On, id: Uuid) -> Result<Option<Row>> {
    let sql = format!("{COLUMNS} WHERE i.id = $1");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

/// Stores a new draft: of the row only what a draft has.
pub(in crate::requests) async fn insert(tx: &mut Tx, row: &Row) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(row.id).bind(&row.kind).bind(row.asker).bind(row.asked).bind(row.author).bind(&row.words).bind(&row.urgency)
        .bind(&row.marking).bind(&row.labels).bind(row.exercise).bind(row.forwarded_from).bind(row.created_at).execute(c))?;
    Ok(())
}

/// Stores what has become of a request that stood at this row's revision. `false` if somebody was faster.
pub(in crate::requests) async fn save(tx: &mut Tx, row: &Row) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(SAVE)
        .bind(row.id).bind(row.revision).bind(&row.kind).bind(row.asker).bind(row.asked).bind(row.screener).bind(row.handler)
        .bind(&row.words).bind(&row.urgency).bind(&row.marking).bind(&row.labels).bind(row.exercise).bind(&row.state)
        .bind(row.screened_by).bind(row.sent_at).bind(&row.zone).bind(row.due_first).bind(row.due_at).bind(row.stood)
        .bind(row.stands_since).bind(row.acknowledged_at).bind(row.acknowledged_by).bind(row.answered_at).bind(row.answered_by)
        .bind(&row.outcome).bind(&row.ground).bind(row.competent).bind(&row.reply).bind(row.escalation).bind(row.escalate_at)
        .bind(row.forwarded_to).bind(row.closed_at).bind(&row.closing).bind(row.changed_at).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// How many drafts an organisation has.
pub(in crate::requests) async fn drafts(conn: &mut impl On, organisation: Uuid) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(DRAFTS).bind(organisation).fetch_one(c))?)
}

/// Those of which it is to be told that nobody has answered.
pub(in crate::requests) async fn due(conn: &mut impl On, now: i64, limit: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(DUE).bind(now).bind(limit).fetch_all(c))?)
}

/// Some of an exercise.
pub(in crate::requests) async fn of_exercise(conn: &mut impl On, exercise: Uuid, limit: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(OF_EXERCISE).bind(exercise).bind(limit).fetch_all(c))?)
}

/// Some that were closed by then.
pub(in crate::requests) async fn past(conn: &mut impl On, until: i64, limit: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(PAST).bind(until).bind(limit).fetch_all(c))?)
}

/// Erases a request with everything of it.
pub(in crate::requests) async fn erase(tx: &mut Tx, id: Uuid) -> Result<()> {
    for sql in ERASE {
        on!(tx, c => sqlx::query(sql).bind(id).execute(c))?;
    }
    tx.erases();
    Ok(())
}
