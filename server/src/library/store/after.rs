//! What becomes of a practice once it is published: versions, translations, endorsements, uses, results of campaigns.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const INSERT_VERSION: &str = "INSERT INTO practice_version (practice, n, content, by_account, at, note)
    VALUES ($1, $2, $3, $4, $5, $6)";
const VERSIONS: &str = "SELECT n, '' AS content, by_account, at, note FROM practice_version WHERE practice = $1 ORDER BY n DESC";
const VERSION: &str = "SELECT n, content, by_account, at, note FROM practice_version WHERE practice = $1 AND n = $2";
const TRANSLATIONS: &str = "SELECT practice, language, content, of_version, translator, machine, checked_by, changed_at
    FROM practice_translation WHERE practice = $1";
const PUT_TRANSLATION: &str = "INSERT INTO practice_translation
        (practice, language, content, of_version, translator, machine, checked_by, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (practice, language) DO UPDATE SET content = excluded.content, of_version = excluded.of_version,
        translator = excluded.translator, machine = excluded.machine, checked_by = excluded.checked_by,
        changed_at = excluded.changed_at";
const CHECK: &str = "UPDATE practice_translation SET checked_by = $3
    WHERE practice = $1 AND language = $2 AND translator <> $3 AND changed_at = $4";
const DROP_TRANSLATION: &str = "DELETE FROM practice_translation WHERE practice = $1 AND language = $2";
const ENDORSE: &str = "INSERT INTO practice_endorsement (practice, account, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const UNENDORSE: &str = "DELETE FROM practice_endorsement WHERE practice = $1 AND account = $2";
const ENDORSEMENTS: &str = "SELECT account, at FROM practice_endorsement WHERE practice = $1 ORDER BY at, account";
const PUT_USE: &str = "INSERT INTO practice_use (practice, account, country, note, at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (practice, account) DO UPDATE SET country = excluded.country, note = excluded.note, at = excluded.at";
const TAKE_USE: &str = "DELETE FROM practice_use WHERE practice = $1 AND account = $2";
const USES: &str = "SELECT account, country, note, at FROM practice_use WHERE practice = $1 ORDER BY at DESC, account";
const PUT_RESULT: &str = "INSERT INTO practice_result (practice, campaign, title, result, marking, organisation, by_account, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (practice, campaign) DO UPDATE SET title = excluded.title, result = excluded.result,
        marking = excluded.marking, organisation = excluded.organisation, by_account = excluded.by_account, at = excluded.at";
const RESULTS: &str = "SELECT campaign, title, result, marking, organisation, by_account, at FROM practice_result
    WHERE practice = $1 ORDER BY at DESC, campaign";

/// A version.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::library) struct VersionRow {
    pub(in crate::library) n: i64,
    /// Empty in a list.
    pub(in crate::library) content: String,
    pub(in crate::library) by_account: Uuid,
    pub(in crate::library) at: i64,
    pub(in crate::library) note: Option<String>,
}

/// A translation.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::library) struct TranslationRow {
    pub(in crate::library) language: String,
    pub(in crate::library) content: String,
    pub(in crate::library) of_version: i64,
    pub(in crate::library) translator: Uuid,
    pub(in crate::library) machine: bool,
    pub(in crate::library) checked_by: Option<Uuid>,
    pub(in crate::library) changed_at: i64,
}

/// A translation as somebody leaves it.
#[derive(Debug)]
pub(in crate::library) struct NewTranslation<'a> {
    pub(in crate::library) practice: Uuid,
    pub(in crate::library) language: &'a str,
    pub(in crate::library) content: &'a str,
    pub(in crate::library) of_version: i64,
    pub(in crate::library) translator: Uuid,
    pub(in crate::library) machine: bool,
    pub(in crate::library) checked_by: Option<Uuid>,
    pub(in crate::library) at: i64,
}

/// Somebody has used it.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::library) struct UseRow {
    pub(in crate::library) account: Uuid,
    pub(in crate::library) country: String,
    pub(in crate::library) note: String,
    pub(in crate::library) at: i64,
}

/// What a campaign has told.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::library) struct ResultRow {
    pub(in crate::library) campaign: Uuid,
    pub(in crate::library) title: String,
    pub(in crate::library) result: String,
    pub(in crate::library) marking: String,
    pub(in crate::library) organisation: Option<Uuid>,
    pub(in crate::library) by_account: Uuid,
    pub(in crate::library) at: i64,
}

/// What a campaign tells now.
#[derive(Debug)]
pub(in crate::library) struct NewResult<'a> {
    pub(in crate::library) practice: Uuid,
    pub(in crate::library) campaign: Uuid,
    pub(in crate::library) title: &'a str,
    pub(in crate::library) result: &'a str,
    pub(in crate::library) marking: &'a str,
    pub(in crate::library) organisation: Option<Uuid>,
    pub(in crate::library) by: Uuid,
    pub(in crate::library) at: i64,
}

pub(in crate::library) async fn insert_version(tx: &mut Tx, practice: Uuid, version: &VersionRow) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT_VERSION)
        .bind(practice).bind(version.n).bind(&version.content).bind(version.by_account).bind(version.at).bind(&version.note)
        .execute(c))?;
    Ok(())
}

/// The versions without what they say, the latest first.
pub(in crate::library) async fn versions(conn: &mut impl On, practice: Uuid) -> Result<Vec<VersionRow>> {
    Ok(on!(conn, c => sqlx::query_as(VERSIONS).bind(practice).fetch_all(c))?)
}

pub(in crate::library) async fn version(conn: &mut impl On, practice: Uuid, n: i64) -> Result<Option<VersionRow>> {
    Ok(on!(conn, c => sqlx::query_as(VERSION).bind(practice).bind(n).fetch_optional(c))?)
}

/// All translations, by language.
pub(in crate::library) async fn translations(conn: &mut impl On, practice: Uuid) -> Result<Vec<TranslationRow>> {
    let sql = format!("{TRANSLATIONS} ORDER BY language");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(practice).fetch_all(c))?)
}

pub(in crate::library) async fn translation(
    conn: &mut impl On,
    practice: Uuid,
    language: &str,
) -> Result<Option<TranslationRow>> {
    let sql = format!("{TRANSLATIONS} AND language = $2");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(practice).bind(language).fetch_optional(c))?)
}

pub(in crate::library) async fn put_translation(tx: &mut Tx, new: &NewTranslation<'_>) -> Result<()> {
    on!(tx, c => sqlx::query(PUT_TRANSLATION)
        .bind(new.practice).bind(new.language).bind(new.content).bind(new.of_version).bind(new.translator).bind(new.machine)
        .bind(new.checked_by).bind(new.at).execute(c))?;
    Ok(())
}

/// Notes that somebody has read a translation beside the original, as it stood at `seen` (microseconds). `false` if there is
/// none, it was changed meanwhile, or it is their own.
pub(in crate::library) async fn check_translation(
    tx: &mut Tx,
    practice: Uuid,
    language: &str,
    by: Uuid,
    seen: i64,
) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(CHECK).bind(practice).bind(language).bind(by).bind(seen).execute(c))?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::library) async fn delete_translation(tx: &mut Tx, practice: Uuid, language: &str) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(DROP_TRANSLATION).bind(practice).bind(language).execute(c))?.rows_affected() == 1)
}

pub(in crate::library) async fn endorse(tx: &mut Tx, practice: Uuid, account: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(ENDORSE).bind(practice).bind(account).bind(at).execute(c))?;
    Ok(())
}

pub(in crate::library) async fn unendorse(tx: &mut Tx, practice: Uuid, account: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(UNENDORSE).bind(practice).bind(account).execute(c))?;
    Ok(())
}

/// Who endorses it, and since when (microseconds).
pub(in crate::library) async fn endorsements(conn: &mut impl On, practice: Uuid) -> Result<Vec<(Uuid, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(ENDORSEMENTS).bind(practice).fetch_all(c))?)
}

pub(in crate::library) async fn put_use(tx: &mut Tx, practice: Uuid, used: &UseRow) -> Result<()> {
    on!(tx, c => sqlx::query(PUT_USE)
        .bind(practice).bind(used.account).bind(&used.country).bind(&used.note).bind(used.at).execute(c))?;
    Ok(())
}

pub(in crate::library) async fn take_use(tx: &mut Tx, practice: Uuid, account: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(TAKE_USE).bind(practice).bind(account).execute(c))?;
    Ok(())
}

/// Who has used it, the latest first.
pub(in crate::library) async fn uses(conn: &mut impl On, practice: Uuid) -> Result<Vec<UseRow>> {
    Ok(on!(conn, c => sqlx::query_as(USES).bind(practice).fetch_all(c))?)
}

pub(in crate::library) async fn put_result(tx: &mut Tx, new: &NewResult<'_>) -> Result<()> {
    on!(tx, c => sqlx::query(PUT_RESULT)
        .bind(new.practice).bind(new.campaign).bind(new.title).bind(new.result).bind(new.marking).bind(new.organisation)
        .bind(new.by).bind(new.at).execute(c))?;
    Ok(())
}

/// What campaigns have told, the latest first.
pub(in crate::library) async fn results(conn: &mut impl On, practice: Uuid) -> Result<Vec<ResultRow>> {
    Ok(on!(conn, c => sqlx::query_as(RESULTS).bind(practice).fetch_all(c))?)
}
