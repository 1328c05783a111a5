//! Issues: their texts, what was taken, and how far they have come.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const COLUMNS: &str = "SELECT i.id, i.number, i.year, i.quarter, i.languages, i.state, i.created_at, i.changed_at, i.asked_at,
        i.asked_by, a.name AS asked_name, i.digest, i.released_at, i.released_by, r.name AS released_name, i.note
    FROM newsletter_issue i LEFT JOIN account a ON a.id = i.asked_by LEFT JOIN account r ON r.id = i.released_by";
const INSERT: &str = "INSERT INTO newsletter_issue
        (id, number, year, quarter, languages, state, created_at, created_by, changed_at, changed_by)
    SELECT $1, (SELECT coalesce(max(number), 0) + 1 FROM newsletter_issue), $2, $3, $4, 'draft', $5, $6, $5, $6
    WHERE NOT EXISTS (SELECT 1 FROM newsletter_issue WHERE year = $2 AND quarter = $3)";
const CHANGE: &str = "UPDATE newsletter_issue SET state = 'draft', changed_at = $2, changed_by = $3, asked_at = NULL,
        asked_by = NULL, content = NULL, digest = NULL WHERE id = $1 AND state <> 'released'";
const COMPOSE: &str = "INSERT INTO newsletter_composer (issue, account) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const COMPOSERS: &str = "SELECT account FROM newsletter_composer WHERE issue = $1";
const SET_LANGUAGES: &str = "UPDATE newsletter_issue SET languages = $2 WHERE id = $1";
const ASK: &str =
    "UPDATE newsletter_issue SET state = 'asked', asked_at = $2, asked_by = $3, content = $4, digest = $5, note = NULL
    WHERE id = $1 AND state = 'draft'";
const SEND_BACK: &str = "UPDATE newsletter_issue SET state = 'draft', asked_at = NULL, asked_by = NULL, content = NULL,
        digest = NULL, note = $2 WHERE id = $1 AND state = 'asked'";
const RELEASE: &str = "UPDATE newsletter_issue SET state = 'released', released_at = $3, released_by = $4
    WHERE id = $1 AND state = 'asked' AND digest = $2";
const CONTENT: &str = "SELECT content FROM newsletter_issue WHERE id = $1 AND content IS NOT NULL";
const RELEASED: &str = "SELECT id, number, content, released_at FROM newsletter_issue
    WHERE state = 'released' AND ($1 IS NULL OR number = $1) ORDER BY number DESC LIMIT $2";
const TEXTS: &str = "SELECT section, language, body, revision FROM newsletter_text WHERE issue = $1 ORDER BY section, language";
const PUT_TEXT: &str = "INSERT INTO newsletter_text (issue, section, language, body, revision, changed_at, changed_by)
    VALUES ($1, $2, $3, $4, 1, $5, $6)
    ON CONFLICT (issue, section, language) DO UPDATE SET body = excluded.body, revision = newsletter_text.revision + 1,
        changed_at = excluded.changed_at, changed_by = excluded.changed_by";
const ITEMS: &str = "SELECT id, section, kind, thing, title, summary, language, at FROM newsletter_item WHERE issue = $1
    ORDER BY section, at, id";
const TAKE: &str =
    "INSERT INTO newsletter_item (id, issue, section, kind, thing, title, summary, language, at, taken_at, taken_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (issue, kind, thing) DO NOTHING";
const DROP: &str = "DELETE FROM newsletter_item WHERE issue = $1 AND id = $2";
const MOVE: &str = "UPDATE newsletter_item SET section = $3 WHERE issue = $1 AND id = $2";
const EXCUSES: &str = "SELECT concept, language, reason FROM newsletter_excuse WHERE issue = $1";
const EXCUSE: &str = "INSERT INTO newsletter_excuse (issue, concept, language, reason, at, by) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (issue, concept, language) DO UPDATE SET reason = excluded.reason, at = excluded.at, by = excluded.by";
const UNEXCUSE: &str = "DELETE FROM newsletter_excuse WHERE issue = $1 AND concept = $2 AND language = $3";

/// An issue.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::newsletter) struct Issue {
    pub(in crate::newsletter) id: Uuid,
    pub(in crate::newsletter) number: i64,
    pub(in crate::newsletter) year: i64,
    pub(in crate::newsletter) quarter: i64,
    pub(in crate::newsletter) languages: String,
    pub(in crate::newsletter) state: String,
    pub(in crate::newsletter) created_at: i64,
    pub(in crate::newsletter) changed_at: i64,
    pub(in crate::newsletter) asked_at: Option<i64>,
    pub(in crate::newsletter) asked_by: Option<Uuid>,
    pub(in crate::newsletter) asked_name: Option<String>,
    pub(in crate::newsletter) digest: Option<Vec<u8>>,
    pub(in crate::newsletter) released_at: Option<i64>,
    pub(in crate::newsletter) released_by: Option<Uuid>,
    pub(in crate::newsletter) released_name: Option<String>,
    /// Why it was sent back.
    pub(in crate::newsletter) note: Option<String>,
}

impl Issue {
    /// Its languages, the first the one it is written in.
    pub(in crate::newsletter) fn languages(&self) -> impl Iterator<Item = &str> {
        self.languages.split(' ')
    }
}

/// The text of a section in a language.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::newsletter) struct Text {
    pub(in crate::newsletter) section: String,
    pub(in crate::newsletter) language: String,
    pub(in crate::newsletter) body: String,
    /// How often it was changed.
    pub(in crate::newsletter) revision: i64,
}

/// What was taken, as it was then.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::newsletter) struct Taken {
    pub(in crate::newsletter) id: Uuid,
    pub(in crate::newsletter) section: String,
    pub(in crate::newsletter) kind: String,
    pub(in crate::newsletter) thing: Uuid,
    pub(in crate::newsletter) title: String,
    pub(in crate::newsletter) summary: String,
    pub(in crate::newsletter) language: String,
    pub(in crate::newsletter) at: i64,
}

/// Why a term isn't there.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::newsletter) struct Excuse {
    pub(in crate::newsletter) concept: String,
    pub(in crate::newsletter) language: String,
    pub(in crate::newsletter) reason: String,
}

/// An issue as everybody reads it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::newsletter) struct Released {
    pub(in crate::newsletter) id: Uuid,
    pub(in crate::newsletter) content: String,
    #[sqlx(rename = "released_at")]
    pub(in crate::newsletter) at: i64,
}

/// Who does something, and when.
#[derive(Clone, Copy, Debug)]
pub(in crate::newsletter) struct By {
    pub(in crate::newsletter) account: Uuid,
    pub(in crate::newsletter) at: i64,
}

pub(in crate::newsletter) async fn issue(conn: &mut impl On, id: Uuid) -> Result<Option<Issue>> {
    let sql = format!("{COLUMNS} WHERE i.id = $1");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

/// Issues below a number, the latest first; those that are released alone, or all.
pub(in crate::newsletter) async fn issues(conn: &mut impl On, all: bool, below: Option<i64>, limit: i64) -> Result<Vec<Issue>> {
    let sql =
        format!("{COLUMNS} WHERE ($1 OR i.state = 'released') AND ($2 IS NULL OR i.number < $2) ORDER BY i.number DESC LIMIT $3");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(all).bind(below).bind(limit).fetch_all(c))?)
}

/// Begins an issue. `false` if its quarter has one.
pub(in crate::newsletter) async fn begin(tx: &mut Tx, id: Uuid, of: (i64, i64), languages: &str, by: By) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(INSERT).bind(id).bind(of.0).bind(of.1).bind(languages).bind(by.at).bind(by.account)
        .execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Notes that somebody changes an issue: what was handed in is void, and they have no say in its release. `false` if it is
/// released, or there is none.
pub(in crate::newsletter) async fn changes(tx: &mut Tx, id: Uuid, by: By) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(CHANGE).bind(id).bind(by.at).bind(by.account).execute(c))?;
    if done.rows_affected() == 1 {
        on!(tx, c => sqlx::query(COMPOSE).bind(id).bind(by.account).execute(c))?;
    }
    Ok(done.rows_affected() == 1)
}

/// Who has worked on it.
pub(in crate::newsletter) async fn composers(conn: &mut impl On, id: Uuid) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(COMPOSERS).bind(id).fetch_all(c))?)
}

pub(in crate::newsletter) async fn set_languages(tx: &mut Tx, id: Uuid, languages: &str) -> Result<()> {
    on!(tx, c => sqlx::query(SET_LANGUAGES).bind(id).bind(languages).execute(c))?;
    Ok(())
}

/// Hands it in as it is. `false` if it isn't a draft any more.
pub(in crate::newsletter) async fn hand_in(tx: &mut Tx, id: Uuid, content: &str, digest: &[u8], by: By) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(ASK).bind(id).bind(by.at).bind(by.account).bind(content).bind(digest).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Makes it a draft again. `false` if it isn't handed in.
pub(in crate::newsletter) async fn send_back(tx: &mut Tx, id: Uuid, note: Option<&str>) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(SEND_BACK).bind(id).bind(note).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Releases what was handed in under this digest. `false` if something else is there meanwhile.
pub(in crate::newsletter) async fn release(tx: &mut Tx, id: Uuid, digest: &[u8], by: By) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(RELEASE).bind(id).bind(digest).bind(by.at).bind(by.account).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// What was handed in or released.
pub(in crate::newsletter) async fn content(conn: &mut impl On, id: Uuid) -> Result<Option<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(CONTENT).bind(id).fetch_optional(c))?)
}

/// What everybody reads, the latest first: one number, or so many.
pub(in crate::newsletter) async fn released(conn: &mut impl On, number: Option<i64>, limit: i64) -> Result<Vec<Released>> {
    Ok(on!(conn, c => sqlx::query_as(RELEASED).bind(number).bind(limit).fetch_all(c))?)
}

pub(in crate::newsletter) async fn texts(conn: &mut impl On, issue: Uuid) -> Result<Vec<Text>> {
    Ok(on!(conn, c => sqlx::query_as(TEXTS).bind(issue).fetch_all(c))?)
}

pub(in crate::newsletter) async fn put_text(tx: &mut Tx, issue: Uuid, text: (&str, &str), body: &str, by: By) -> Result<()> {
    on!(tx, c => sqlx::query(PUT_TEXT).bind(issue).bind(text.0).bind(text.1).bind(body).bind(by.at).bind(by.account)
        .execute(c))?;
    Ok(())
}

pub(in crate::newsletter) async fn items(conn: &mut impl On, issue: Uuid) -> Result<Vec<Taken>> {
    Ok(on!(conn, c => sqlx::query_as(ITEMS).bind(issue).fetch_all(c))?)
}

/// Takes something. `false` if it is there already.
pub(in crate::newsletter) async fn take(tx: &mut Tx, issue: Uuid, item: &Taken, by: By) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(TAKE).bind(item.id).bind(issue).bind(&item.section).bind(&item.kind).bind(item.thing)
        .bind(&item.title).bind(&item.summary).bind(&item.language).bind(item.at).bind(by.at).bind(by.account).execute(c))?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::newsletter) async fn drop_item(tx: &mut Tx, issue: Uuid, item: Uuid) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(DROP).bind(issue).bind(item).execute(c))?.rows_affected() == 1)
}

/// Takes out what isn't CLEAR any more; what was handed in is void. Nobody has composed anything by that.
pub(in crate::newsletter) async fn fall_out(tx: &mut Tx, issue: Uuid, items: &[Uuid]) -> Result<()> {
    for item in items {
        on!(tx, c => sqlx::query(DROP).bind(issue).bind(item).execute(c))?;
    }
    on!(tx, c => sqlx::query(SEND_BACK).bind(issue).bind(None::<&str>).execute(c))?;
    Ok(())
}

pub(in crate::newsletter) async fn move_item(tx: &mut Tx, issue: Uuid, item: Uuid, section: &str) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(MOVE).bind(issue).bind(item).bind(section).execute(c))?.rows_affected() == 1)
}

pub(in crate::newsletter) async fn excuses(conn: &mut impl On, issue: Uuid) -> Result<Vec<Excuse>> {
    Ok(on!(conn, c => sqlx::query_as(EXCUSES).bind(issue).fetch_all(c))?)
}

pub(in crate::newsletter) async fn excuse(tx: &mut Tx, issue: Uuid, excuse: &Excuse, by: By) -> Result<()> {
    on!(tx, c => sqlx::query(EXCUSE).bind(issue).bind(&excuse.concept).bind(&excuse.language).bind(&excuse.reason).bind(by.at)
        .bind(by.account).execute(c))?;
    Ok(())
}

pub(in crate::newsletter) async fn take_excuse_back(tx: &mut Tx, issue: Uuid, concept: &str, language: &str) -> Result<()> {
    on!(tx, c => sqlx::query(UNEXCUSE).bind(issue).bind(concept).bind(language).execute(c))?;
    Ok(())
}
