//! The tables of `0037_studies.sql`.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::model::{Advice, Checked, State};
use crate::access::{Actor, Item, Stage, readable_items};
use crate::base::db::{On, Result, Tx};
use crate::vocabulary::codes::{codes, holding, stored};

#[cfg(test)]
mod tests;

/// The organisations that a study has recommended something to take part in it.
const PARTNERS: &str = "EXISTS (SELECT 1 FROM recommendation p WHERE p.study = i.id AND p.owner = $2)";
const STUDIES: &str =
    "SELECT i.id, i.title, i.summary, i.language, i.countries, i.themes, i.year, i.publisher, i.link, i.file, i.marking,
        i.author, i.organisation, o.name AS organisation_name, i.revision, i.created_at, i.changed_at,
        (SELECT count(*) FROM recommendation r WHERE r.study = i.id) AS recommendations,
        (SELECT count(*) FROM recommendation r WHERE r.study = i.id AND r.state IN ('open', 'in_progress')) AS waiting,
        (SELECT group_concat(hex(r.owner), ' ') FROM recommendation r WHERE r.study = i.id) AS owners
    FROM study i LEFT JOIN organisation o ON o.id = i.organisation";
/// What is of the whole region is of every country.
const NARROWED: &str = "($3 IS NULL OR i.countries = '' OR i.countries LIKE $3) AND ($4 IS NULL OR i.themes LIKE $4)
    AND ($5 IS NULL OR i.year = $5) AND ($6 IS NULL OR i.language = $6)
    AND ($7 IS NULL OR hex(i.id) IN (SELECT value FROM json_each($7)))
    AND ($8 IS NULL OR i.year < $8 OR (i.year = $8 AND i.id < $9)) ORDER BY i.year DESC, i.id DESC LIMIT $10";
const INSERT: &str =
    "INSERT INTO study (id, title, summary, language, countries, themes, year, publisher, link, marking, author, organisation,
        created_at, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, (SELECT organisation_id FROM account WHERE id = $11), $12, $12)";
const CHANGE: &str =
    "UPDATE study SET title = $2, summary = $3, language = $4, countries = $5, themes = $6, year = $7, publisher = $8,
        link = $9, marking = $10, changed_at = $11, revision = revision + 1
    WHERE id = $1 AND revision = $12";
const SET_FILE: &str = "UPDATE study SET file = $2 WHERE id = $1";
const ADVISED: &str = "SELECT r.id, r.study, i.title AS study_title, i.language, i.marking, i.author, i.organisation AS house,
        i.countries, i.themes, r.text, r.owner, o.name AS owner_name, r.state, r.due, r.note, r.changed_at,
        (SELECT s.note FROM recommendation_state s WHERE s.recommendation = r.id ORDER BY s.at DESC LIMIT 1) AS said,
        (SELECT group_concat(hex(p.owner), ' ') FROM recommendation p WHERE p.study = i.id) AS owners
    FROM recommendation r JOIN study i ON i.id = r.study LEFT JOIN organisation o ON o.id = r.owner";
/// What is due first comes first; what has no day comes last.
const FILTERED: &str = "($3 IS NULL OR r.owner = $3) AND ($4 IS NULL OR r.state = $4)
    AND ($5 IS NULL OR (r.due < $5 AND r.state IN ('open', 'in_progress')))
    AND ($6 IS NULL OR i.countries = '' OR i.countries LIKE $6) AND ($7 IS NULL OR i.themes LIKE $7) AND ($8 IS NULL OR r.study = $8)
    AND ($9 IS NULL OR coalesce(r.due, '9999-12-31') > $9 OR (coalesce(r.due, '9999-12-31') = $9 AND r.id > $10))
    ORDER BY coalesce(r.due, '9999-12-31'), r.id LIMIT $11";
const INSERT_ADVICE: &str = "INSERT INTO recommendation (id, study, place, text, owner, state, due, note, created_at, changed_at)
    SELECT $1, $2, coalesce(max(place), 0) + 1, $3, $4, $5, $6, $7, $8, $8 FROM recommendation WHERE study = $2";
const CHANGE_ADVICE: &str = "UPDATE recommendation SET text = $2, owner = $3, due = $4, note = $5, changed_at = $6 WHERE id = $1";
const ADVICE_COUNT: &str = "SELECT count(*) FROM recommendation WHERE study = $1";
const SET_STATE: &str = "UPDATE recommendation SET state = $2, changed_at = $3 WHERE id = $1 AND state = $4";
const NOTE_STATE: &str = "INSERT INTO recommendation_state (recommendation, at, by, state, note) VALUES ($1, $2, $3, $4, $5)";
const STATES: &str = "SELECT s.at, s.by, a.name, s.state, s.note FROM recommendation_state s JOIN account a ON a.id = s.by
    WHERE s.recommendation = $1 ORDER BY s.at DESC";
const TEXTS: &str = "SELECT text || char(10) || note FROM recommendation WHERE study = $1 ORDER BY place";
const WITHHELD: &str = "SELECT title || char(10) || summary FROM study WHERE marking <> 'clear'
    UNION ALL SELECT r.text FROM recommendation r JOIN study s ON s.id = r.study WHERE s.marking <> 'clear'";
const SHARED: &str =
    "i.marking IN ('clear', 'green') AND i.created_at >= $3 AND i.created_at < $4 ORDER BY i.created_at LIMIT $5";
const PUBLISHER: &str = "SELECT id FROM organisation WHERE name = $1 ORDER BY id LIMIT 1";

/// A study.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Study {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) language: String,
    pub(super) countries: String,
    pub(super) themes: String,
    pub(super) year: i64,
    pub(super) publisher: String,
    pub(super) link: Option<String>,
    pub(super) file: Option<Uuid>,
    pub(super) marking: String,
    pub(super) author: Uuid,
    pub(super) organisation: Option<Uuid>,
    pub(super) organisation_name: Option<String>,
    pub(super) revision: i64,
    pub(super) created_at: i64,
    pub(super) changed_at: i64,
    pub(super) recommendations: i64,
    /// Those that are neither done nor rejected.
    pub(super) waiting: i64,
    pub(super) owners: Option<String>,
}

impl Study {
    pub(super) fn countries(&self) -> Vec<String> {
        codes(&self.countries)
    }

    pub(super) fn themes(&self) -> Vec<String> {
        codes(&self.themes)
    }

    /// Asks the rules something about it.
    pub(super) fn as_item<T>(&self, ask: impl FnOnce(&Item<'_>) -> T) -> T {
        let Self { marking, author, organisation, countries, themes, owners, .. } = self;
        as_item((marking, *author, *organisation), (countries, themes), owners.as_deref(), ask)
    }
}

/// Studies have no drafts: what is there is for all whom its marking leaves, and for those it recommends something to.
fn as_item<T>(
    (marking, author, organisation): (&str, Uuid, Option<Uuid>),
    (countries, themes): (&str, &str),
    owners: Option<&str>,
    ask: impl FnOnce(&Item<'_>) -> T,
) -> T {
    let (countries, themes): (Vec<&str>, Vec<&str>) =
        (countries.split_whitespace().collect(), themes.split_whitespace().collect());
    let partners: Vec<Uuid> = owners.unwrap_or_default().split_whitespace().filter_map(|id| id.parse().ok()).collect();
    ask(&Item {
        marking,
        stage: Stage::Shared,
        author,
        organisation,
        countries: &countries,
        themes: &themes,
        people: &[],
        partners: &partners,
    })
}

/// A recommendation with what must be known of its study.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Recommendation {
    pub(super) id: Uuid,
    pub(super) study: Uuid,
    pub(super) study_title: String,
    pub(super) language: String,
    pub(super) marking: String,
    pub(super) author: Uuid,
    pub(super) house: Option<Uuid>,
    pub(super) countries: String,
    pub(super) themes: String,
    pub(super) text: String,
    pub(super) owner: Option<Uuid>,
    pub(super) owner_name: Option<String>,
    pub(super) state: String,
    pub(super) due: Option<String>,
    pub(super) note: String,
    pub(super) changed_at: i64,
    /// What was said with its state.
    pub(super) said: Option<String>,
    pub(super) owners: Option<String>,
}

impl Recommendation {
    /// Asks the rules something about its study.
    pub(super) fn as_item<T>(&self, ask: impl FnOnce(&Item<'_>) -> T) -> T {
        let Self { marking, author, house, countries, themes, owners, .. } = self;
        as_item((marking, *author, *house), (countries, themes), owners.as_deref(), ask)
    }
}

/// Which studies are asked for, the latest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) country: Option<String>,
    pub(super) theme: Option<String>,
    pub(super) year: Option<i64>,
    pub(super) language: Option<String>,
    /// Only these.
    pub(super) among: Option<Vec<Uuid>>,
    /// After this one of the page before.
    pub(super) after: Option<(i64, Uuid)>,
    pub(super) limit: i64,
}

/// Ids as a list in JSON.
fn named(ids: &[Uuid]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string().to_uppercase()).collect();
    serde_json::to_string(&ids).unwrap_or_default()
}

/// The studies that somebody may read.
pub(super) async fn listed(conn: &mut impl On, actor: &Actor, asked: &Asked) -> Result<Vec<Study>> {
    let sql = format!("{STUDIES} WHERE {} AND {NARROWED}", readable_items(actor, PARTNERS));
    let (after_year, after_id) = asked.after.unzip();
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql))
        .bind(actor.account).bind(actor.organisation).bind(asked.country.as_deref().map(holding))
        .bind(asked.theme.as_deref().map(holding)).bind(asked.year).bind(&asked.language)
        .bind(asked.among.as_deref().map(named)).bind(after_year).bind(after_id).bind(asked.limit).fetch_all(c))?)
}

/// The studies of a span (microseconds, the end not with it) that somebody may read and that may leave.
pub(super) async fn shared(conn: &mut impl On, actor: &Actor, span: (i64, i64), limit: i64) -> Result<Vec<Study>> {
    let sql = format!("{STUDIES} WHERE {} AND {SHARED}", readable_items(actor, PARTNERS));
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql))
        .bind(actor.account).bind(actor.organisation).bind(span.0).bind(span.1).bind(limit).fetch_all(c))?)
}

/// A study, whoever may read it.
pub(super) async fn one(conn: &mut impl On, id: Uuid) -> Result<Option<Study>> {
    let sql = format!("{STUDIES} WHERE i.id = $1");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

pub(super) async fn insert(tx: &mut Tx, id: Uuid, study: &Checked, author: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(id).bind(&study.title).bind(&study.summary).bind(&study.language).bind(stored(&study.countries))
        .bind(stored(&study.themes)).bind(study.year).bind(&study.publisher).bind(&study.link).bind(&study.marking)
        .bind(author).bind(at).execute(c))?;
    Ok(())
}

/// Changes a study that stands at this revision. `false` if somebody was faster.
pub(super) async fn change(tx: &mut Tx, id: Uuid, study: &Checked, revision: i64, at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(CHANGE)
        .bind(id).bind(&study.title).bind(&study.summary).bind(&study.language).bind(stored(&study.countries))
        .bind(stored(&study.themes)).bind(study.year).bind(&study.publisher).bind(&study.link).bind(&study.marking)
        .bind(at).bind(revision).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Notes which document a study has.
pub(super) async fn set_file(tx: &mut Tx, id: Uuid, file: Option<Uuid>) -> Result<()> {
    on!(tx, c => sqlx::query(SET_FILE).bind(id).bind(file).execute(c))?;
    Ok(())
}

/// Which recommendations are asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub(super) owner: Option<Uuid>,
    pub(super) state: Option<State>,
    /// Those that wait and were due before this day.
    pub(super) due_before: Option<String>,
    pub(super) country: Option<String>,
    pub(super) theme: Option<String>,
    pub(super) study: Option<Uuid>,
    /// After this one of the page before.
    pub(super) after: Option<(String, Uuid)>,
    pub(super) limit: i64,
}

/// The recommendations of the studies that somebody may read.
pub(super) async fn recommendations(conn: &mut impl On, actor: &Actor, filter: &Filter) -> Result<Vec<Recommendation>> {
    let sql = format!("{ADVISED} WHERE {} AND {FILTERED}", readable_items(actor, PARTNERS));
    let (after_due, after_id) = filter.after.clone().unzip();
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql))
        .bind(actor.account).bind(actor.organisation).bind(filter.owner).bind(filter.state.map(State::as_str))
        .bind(&filter.due_before).bind(filter.country.as_deref().map(holding)).bind(filter.theme.as_deref().map(holding))
        .bind(filter.study).bind(after_due).bind(after_id).bind(filter.limit).fetch_all(c))?)
}

/// A recommendation, whoever may read its study.
pub(super) async fn recommendation(conn: &mut impl On, id: Uuid) -> Result<Option<Recommendation>> {
    let sql = format!("{ADVISED} WHERE r.id = $1");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

/// How many recommendations a study has.
pub(super) async fn count(conn: &mut impl On, study: Uuid) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(ADVICE_COUNT).bind(study).fetch_one(c))?)
}

/// A recommendation to be added, and by whom.
pub(super) struct NewAdvice<'a> {
    pub(super) id: Uuid,
    pub(super) study: Uuid,
    pub(super) advice: &'a Advice,
    pub(super) state: State,
    pub(super) by: Uuid,
    pub(super) at: i64,
}

/// Adds a recommendation, with the first of its states.
pub(super) async fn add(tx: &mut Tx, new: &NewAdvice<'_>) -> Result<()> {
    let Advice { text, owner, due, note } = new.advice;
    on!(tx, c => sqlx::query(INSERT_ADVICE)
        .bind(new.id).bind(new.study).bind(text).bind(owner).bind(new.state.as_str()).bind(due).bind(note).bind(new.at).execute(c))?;
    note_state(tx, new.id, new.by, new.state, "", new.at).await
}

pub(super) async fn change_advice(tx: &mut Tx, id: Uuid, advice: &Advice, at: i64) -> Result<()> {
    let Advice { text, owner, due, note } = advice;
    on!(tx, c => sqlx::query(CHANGE_ADVICE).bind(id).bind(text).bind(owner).bind(due).bind(note).bind(at).execute(c))?;
    Ok(())
}

/// Gives a recommendation another state than this one. `false` if it has another one meanwhile.
pub(super) async fn set_state(tx: &mut Tx, id: Uuid, (from, to): (State, State), at: i64) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(SET_STATE).bind(id).bind(to.as_str()).bind(at).bind(from.as_str()).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Keeps for ever which state a recommendation was given.
pub(super) async fn note_state(tx: &mut Tx, id: Uuid, by: Uuid, state: State, note: &str, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(NOTE_STATE).bind(id).bind(at).bind(by).bind(state.as_str()).bind(note).execute(c))?;
    Ok(())
}

/// A state that a recommendation had, or has.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Past {
    pub(super) at: i64,
    pub(super) by: Uuid,
    pub(super) name: String,
    pub(super) state: String,
    pub(super) note: String,
}

/// The states of a recommendation, the latest first.
pub(super) async fn states(conn: &mut impl On, id: Uuid) -> Result<Vec<Past>> {
    Ok(on!(conn, c => sqlx::query_as(STATES).bind(id).fetch_all(c))?)
}

/// What stands in a study's recommendations.
pub(super) async fn texts(conn: &mut impl On, study: Uuid) -> Result<Vec<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(TEXTS).bind(study).fetch_all(c))?)
}

/// What stands in studies that are not for everybody.
pub(super) async fn withheld(conn: &mut impl On) -> Result<Vec<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(WITHHELD).fetch_all(c))?)
}

/// The organisation of exactly this name.
pub(super) async fn organisation(conn: &mut impl On, name: &str) -> Result<Option<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(PUBLISHER).bind(name).fetch_optional(c))?)
}
