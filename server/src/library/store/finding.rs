//! What the shelf keeps, and the rows of a page.

use uuid::Uuid;

use crate::base::db::{On, Result};

const SHELF: &str =
    "SELECT id, author, organisation, marking, state, tags, level, parent, published_at, changed_at, review_due_at
    FROM practice";
const PARTNERS: &str = "SELECT practice, organisation FROM practice_partner";
const REVIEWERS: &str = "SELECT r.practice, r.account, EXISTS (SELECT 1 FROM practice_review v WHERE v.practice = r.practice
        AND v.account = r.account AND v.round = p.round) AS done
    FROM practice_reviewer r JOIN practice p ON p.id = r.practice";
/// Practices that somebody has endorsed, used, or reported harm of, and how often.
const COUNTED: &str = "SELECT p.practice, sum(p.endorsed) AS endorsements, sum(p.used) AS used, sum(p.harm) AS harm FROM (
        SELECT practice, 1 AS endorsed, 0 AS used, 0 AS harm FROM practice_endorsement
        UNION ALL SELECT practice, 0, count(DISTINCT country), 0 FROM practice_use GROUP BY practice
        UNION ALL SELECT practice, 0, 0, 1 FROM practice_harm WHERE answered_at IS NULL) p";
const LISTED: &str = "SELECT p.id, p.title, p.summary, p.language, p.created_at, o.name AS organisation_name
    FROM practice p LEFT JOIN organisation o ON o.id = p.organisation WHERE p.id IN";
const BODIES: &str = "SELECT p.id, p.content, p.version, o.name AS organisation_name
    FROM practice p LEFT JOIN organisation o ON o.id = p.organisation WHERE p.id IN";
const TEXTS: &str = "SELECT content FROM practice WHERE marking <> 'clear'
    UNION ALL SELECT t.content FROM practice_translation t JOIN practice p ON p.id = t.practice WHERE p.marking <> 'clear'
    UNION ALL SELECT v.content FROM practice_version v JOIN practice p ON p.id = v.practice WHERE p.marking <> 'clear'";

/// What is kept of a practice in memory.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::library) struct ShelfRow {
    pub(in crate::library) id: Uuid,
    pub(in crate::library) author: Uuid,
    pub(in crate::library) organisation: Option<Uuid>,
    pub(in crate::library) marking: String,
    pub(in crate::library) state: String,
    pub(in crate::library) tags: String,
    pub(in crate::library) level: i64,
    pub(in crate::library) parent: Option<Uuid>,
    pub(in crate::library) published_at: Option<i64>,
    pub(in crate::library) changed_at: i64,
    pub(in crate::library) review_due_at: Option<i64>,
}

/// How often a practice was endorsed, in how many countries it was used, how many reports of harm are open.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::library) struct Counted {
    pub(in crate::library) practice: Uuid,
    pub(in crate::library) endorsements: i64,
    pub(in crate::library) used: i64,
    pub(in crate::library) harm: i64,
}

/// What a list shows of a practice beside what is in memory.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::library) struct ListRow {
    pub(in crate::library) id: Uuid,
    pub(in crate::library) title: String,
    pub(in crate::library) summary: String,
    pub(in crate::library) language: String,
    pub(in crate::library) created_at: i64,
    pub(in crate::library) organisation_name: Option<String>,
}

/// A practice in full, for an export.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::library) struct TextRow {
    pub(in crate::library) id: Uuid,
    pub(in crate::library) content: String,
    pub(in crate::library) version: i64,
    pub(in crate::library) organisation_name: Option<String>,
}

pub(in crate::library) async fn shelf(conn: &mut impl On) -> Result<Vec<ShelfRow>> {
    Ok(on!(conn, c => sqlx::query_as(SHELF).fetch_all(c))?)
}

pub(in crate::library) async fn shelf_among(conn: &mut impl On, ids: &[Uuid]) -> Result<Vec<ShelfRow>> {
    Ok(among!(conn, format!("{SHELF} WHERE id IN"), ids, ""))
}

pub(in crate::library) async fn all_partners(conn: &mut impl On) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(on!(conn, c => sqlx::query_as(PARTNERS).fetch_all(c))?)
}

pub(in crate::library) async fn partners_among(conn: &mut impl On, ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(among!(conn, format!("{PARTNERS} WHERE practice IN"), ids, ""))
}

/// Practice, reviewer, and whether they have reviewed it in this round.
pub(in crate::library) async fn all_reviewers(conn: &mut impl On) -> Result<Vec<(Uuid, Uuid, bool)>> {
    Ok(on!(conn, c => sqlx::query_as(REVIEWERS).fetch_all(c))?)
}

pub(in crate::library) async fn reviewers_among(conn: &mut impl On, ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid, bool)>> {
    Ok(among!(conn, format!("{REVIEWERS} WHERE r.practice IN"), ids, ""))
}

pub(in crate::library) async fn all_counted(conn: &mut impl On) -> Result<Vec<Counted>> {
    let sql = format!("{COUNTED} GROUP BY p.practice");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(c))?)
}

pub(in crate::library) async fn counted_among(conn: &mut impl On, ids: &[Uuid]) -> Result<Vec<Counted>> {
    Ok(among!(conn, format!("{COUNTED} WHERE p.practice IN"), ids, "GROUP BY p.practice"))
}

/// These practices as a list shows them, in no order.
pub(in crate::library) async fn listed(conn: &mut impl On, ids: &[Uuid]) -> Result<Vec<ListRow>> {
    Ok(among!(conn, LISTED, ids, ""))
}

/// These practices in full, in no order.
pub(in crate::library) async fn bodies(conn: &mut impl On, ids: &[Uuid]) -> Result<Vec<TextRow>> {
    Ok(among!(conn, BODIES, ids, ""))
}

/// The words of everything that isn't for everybody: practices, their versions and translations, each as it is stored.
pub(in crate::library) async fn texts_not_clear(conn: &mut impl On) -> Result<Vec<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(TEXTS).fetch_all(c))?)
}
