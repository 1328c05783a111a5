//! The columns of `0009_vetting.sql`.

use uuid::Uuid;

use super::model::Accreditation;
use crate::base::db::{On, Result, Tx};

const PERSON: &str =
    "SELECT a.id, a.name, a.email, a.country, a.function, a.organisation, a.status, a.sponsor, s.name AS sponsor_name,
        a.accredited_until, a.created_at, o.regime
    FROM account a LEFT JOIN account s ON s.id = a.sponsor LEFT JOIN organisation o ON o.id = a.organisation_id";
const ACCREDIT: &str = "UPDATE account SET accredited_until = $2
    WHERE id = $1 AND status = 'active' AND (accredited_until IS NULL OR accredited_until < $3)";
const INSERT_ACCREDITATION: &str =
    "INSERT INTO accreditation (id, account, confirmed_at, confirmed_by, how, note, until) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const HISTORY: &str = "SELECT c.confirmed_at, c.how, c.note, c.until, b.id AS by, b.name AS by_name
    FROM accreditation c LEFT JOIN account b ON b.id = c.confirmed_by WHERE c.account = $1 ORDER BY c.confirmed_at DESC LIMIT 20";
const LEAVE: &str = "UPDATE account SET left_at = $2, accredited_until = min(coalesce(accredited_until, $2), $2) WHERE id = $1 AND left_at IS NULL";
const DROP_GRANTS: &str = "DELETE FROM role_grant WHERE account = $1";
const EXPIRED: &str = "SELECT id FROM account WHERE accredited_until > $1 AND accredited_until <= $2";
const HELPERS: &str = "SELECT DISTINCT a.id, a.name FROM account a JOIN role_grant g ON g.account = a.id
    WHERE g.role = 'moderator' AND (g.scope = 'region' OR g.scope = $1) AND a.status = 'active' AND a.accredited_until > $2
    ORDER BY g.scope = 'region', a.name_key LIMIT 12";

const CONFIRMED: &str = "SELECT id, name FROM account WHERE status = 'active' AND accredited_until > $1 ORDER BY name_key, id";

/// A person as those see them who may confirm.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) country: Option<String>,
    pub(super) function: Option<String>,
    pub(super) organisation: Option<String>,
    pub(super) status: String,
    pub(super) sponsor: Option<Uuid>,
    pub(super) sponsor_name: Option<String>,
    pub(super) accredited_until: Option<i64>,
    pub(super) created_at: i64,
    pub(super) regime: Option<String>,
}

/// A confirmation as it was stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Past {
    pub(super) confirmed_at: i64,
    pub(super) how: String,
    pub(super) note: Option<String>,
    pub(super) until: i64,
    pub(super) by: Option<Uuid>,
    pub(super) by_name: Option<String>,
}

pub(super) async fn person(conn: &mut impl On, id: Uuid) -> Result<Option<Row>> {
    let sql = format!("{PERSON} WHERE a.id = $1");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

/// Active people who wait to be confirmed or whose accreditation ends before `before`: who waits first, then by its end.
pub(super) async fn due(conn: &mut impl On, before: i64) -> Result<Vec<Row>> {
    let sql = format!(
        "{PERSON} WHERE a.status = 'active' AND (a.accredited_until IS NULL OR a.accredited_until < $1)
        ORDER BY a.accredited_until IS NOT NULL, a.accredited_until, a.created_at LIMIT 1000"
    );
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(before).fetch_all(c))?)
}

/// Everybody who is confirmed now: id and name.
pub(super) async fn confirmed(conn: &mut impl On, now: i64) -> Result<Vec<(Uuid, String)>> {
    Ok(on!(conn, c => sqlx::query_as(CONFIRMED).bind(now).fetch_all(c))?)
}

/// Accredits an active account whose accreditation, if any, ends before `before`. False if there is none such.
pub(super) async fn accredit(tx: &mut Tx, account: Uuid, until: i64, before: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(ACCREDIT).bind(account).bind(until).bind(before).execute(c))?.rows_affected() == 1)
}

pub(super) async fn insert_accreditation(tx: &mut Tx, id: Uuid, account: Uuid, at: i64, a: &Accreditation) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT_ACCREDITATION)
        .bind(id).bind(account).bind(at).bind(a.by).bind(a.how.as_str()).bind(&a.note).bind(a.until)
        .execute(c))?;
    Ok(())
}

/// The last confirmations, the latest first.
pub(super) async fn history(conn: &mut impl On, account: Uuid) -> Result<Vec<Past>> {
    Ok(on!(conn, c => sqlx::query_as(HISTORY).bind(account).fetch_all(c))?)
}

/// Notes that somebody has left the job and takes their powers. False if it was noted before.
pub(super) async fn leave(tx: &mut Tx, account: Uuid, at: i64) -> Result<bool> {
    let left = on!(tx, c => sqlx::query(LEAVE).bind(account).bind(at).execute(c))?.rows_affected() == 1;
    on!(tx, c => sqlx::query(DROP_GRANTS).bind(account).execute(c))?;
    Ok(left)
}

/// Whose accreditation has ended after `since` and not after `now`.
pub(super) async fn expired_between(conn: &mut impl On, since: i64, now: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(EXPIRED).bind(since).bind(now).fetch_all(c))?)
}

/// Who can help somebody of this country: its moderators first, then the region's.
pub(super) async fn helpers(conn: &mut impl On, country: Option<&str>, now: i64) -> Result<Vec<(Uuid, String)>> {
    let scope = country.map(|code| format!("country:{code}"));
    Ok(on!(conn, c => sqlx::query_as(HELPERS).bind(scope).bind(now).fetch_all(c))?)
}
