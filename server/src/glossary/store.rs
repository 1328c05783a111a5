//! What was proposed, and what became of it.

use uuid::Uuid;

use super::model::{Checked, State};
use super::terms::Change;
use crate::base::db::{On, Result, Tx};

const ACCEPTED: &str = "SELECT concept, language, term, decided_at AS at FROM glossary_proposal WHERE state = 'accepted'
    ORDER BY decided_at, id";
const STANDS: &str = "SELECT term FROM glossary_proposal WHERE concept = $1 AND language = $2 AND state = 'accepted'
    ORDER BY decided_at DESC, id DESC LIMIT 1";
const COLUMNS: &str = "SELECT g.id, g.concept, g.language, g.before, g.term, g.reason, g.proposed_by, a.name AS proposed_name,
        g.proposed_at, g.state, g.decided_by, d.name AS decided_name, g.decided_at, g.note, g.overtaken_by
    FROM glossary_proposal g JOIN account a ON a.id = g.proposed_by LEFT JOIN account d ON d.id = g.decided_by";
const LISTED: &str = "WHERE ($1 IS NULL OR g.state = $1) AND ($2 IS NULL OR g.proposed_by = $2) AND ($3 IS NULL OR g.id < $3)
    ORDER BY g.id DESC LIMIT $4";
const HISTORY: &str = "WHERE g.concept = $1 AND g.state = 'accepted' ORDER BY g.decided_at DESC, g.id DESC";
const OPEN: &str = "SELECT count(*) FROM glossary_proposal WHERE state = 'open' AND ($1 IS NULL OR proposed_by = $1)";
const INSERT: &str = "INSERT INTO glossary_proposal
        (id, concept, language, before, term, reason, proposed_by, proposed_at, state)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open')";
const DECIDE: &str = "UPDATE glossary_proposal SET state = $2, decided_by = $3, decided_at = $4, note = $5
    WHERE id = $1 AND state = 'open' AND proposed_by <> $3";
const OVERTAKE: &str = "UPDATE glossary_proposal SET state = 'refused', decided_by = $4, decided_at = $5, overtaken_by = $3
    WHERE concept = $1 AND language = $2 AND state = 'open' AND id <> $3 RETURNING proposed_by";

/// A proposal.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Proposal {
    pub(super) id: Uuid,
    pub(super) concept: String,
    pub(super) language: String,
    pub(super) before: String,
    pub(super) term: String,
    pub(super) reason: String,
    pub(super) proposed_by: Uuid,
    pub(super) proposed_name: String,
    pub(super) proposed_at: i64,
    pub(super) state: String,
    pub(super) decided_by: Option<Uuid>,
    pub(super) decided_name: Option<String>,
    pub(super) decided_at: Option<i64>,
    pub(super) note: Option<String>,
    pub(super) overtaken_by: Option<Uuid>,
}

/// What is proposed now.
pub(super) struct New<'a> {
    pub(super) id: Uuid,
    pub(super) concept: &'a str,
    pub(super) checked: &'a Checked,
    pub(super) by: Uuid,
    pub(super) at: i64,
}

/// A decision of an editor.
pub(super) struct Verdict<'a> {
    pub(super) state: State,
    pub(super) by: Uuid,
    pub(super) at: i64,
    pub(super) note: Option<&'a str>,
}

/// Which proposals are asked for, the latest first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) state: Option<State>,
    pub(super) by: Option<Uuid>,
    /// After this one of the page before.
    pub(super) after: Option<Uuid>,
    pub(super) limit: i64,
}

/// All that was accepted, in its order.
pub(super) async fn accepted(conn: &mut impl On) -> Result<Vec<Change>> {
    Ok(on!(conn, c => sqlx::query_as(ACCEPTED).fetch_all(c))?)
}

/// The word of a language that was accepted last; `None` if the one stands that ships.
pub(super) async fn stands(conn: &mut impl On, concept: &str, language: &str) -> Result<Option<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(STANDS).bind(concept).bind(language).fetch_optional(c))?)
}

pub(super) async fn listed(conn: &mut impl On, asked: Asked) -> Result<Vec<Proposal>> {
    let (sql, state) = (format!("{COLUMNS} {LISTED}"), asked.state.map(State::as_str));
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(state).bind(asked.by).bind(asked.after).bind(asked.limit).fetch_all(c))?)
}

/// What was accepted for a concept, the latest first.
pub(super) async fn history(conn: &mut impl On, concept: &str) -> Result<Vec<Proposal>> {
    let sql = format!("{COLUMNS} {HISTORY}");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(concept).fetch_all(c))?)
}

pub(super) async fn one(conn: &mut impl On, id: Uuid) -> Result<Option<Proposal>> {
    let sql = format!("{COLUMNS} WHERE g.id = $1");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

/// How many proposals of somebody, or of all, wait for a decision.
pub(super) async fn open(conn: &mut impl On, by: Option<Uuid>) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(OPEN).bind(by).fetch_one(c))?)
}

pub(super) async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<()> {
    let Checked { language, before, term, reason } = new.checked;
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.id).bind(new.concept).bind(language).bind(before).bind(term).bind(reason).bind(new.by).bind(new.at)
        .execute(c))?;
    Ok(())
}

/// Decides about what waits. `false` if somebody was faster, or it is the editor's own.
pub(super) async fn decide(tx: &mut Tx, id: Uuid, verdict: &Verdict<'_>) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(DECIDE)
        .bind(id).bind(verdict.state.as_str()).bind(verdict.by).bind(verdict.at).bind(verdict.note).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Refuses what else was proposed for the term that an accepted proposal has changed: whose it was.
pub(super) async fn overtake(tx: &mut Tx, accepted: &Proposal, by: Uuid, at: i64) -> Result<Vec<Uuid>> {
    Ok(on!(tx, c => sqlx::query_scalar(OVERTAKE)
        .bind(&accepted.concept).bind(&accepted.language).bind(accepted.id).bind(by).bind(at).fetch_all(c))?)
}
