//! Who is new, who may be named, and how many they are.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const CONSENT: &str = "INSERT INTO newsletter_consent (account, at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const TAKE_BACK: &str = "DELETE FROM newsletter_consent WHERE account = $1";
const CONSENTED: &str = "SELECT at FROM newsletter_consent WHERE account = $1";
const NEW_ORGANISATIONS: &str = "SELECT id, name, country FROM organisation WHERE created_at >= $1 AND created_at < $2
    ORDER BY country IS NULL, country, name_key, id";
/// Whoever has come in within the span, is let in still, and has said that they may be named.
const NEW_PEOPLE: &str =
    "SELECT a.id, a.name, a.organisation, a.country FROM newsletter_consent c JOIN account a ON a.id = c.account
    WHERE a.created_at >= $1 AND a.created_at < $2 AND a.status = 'active' AND a.accredited_until > $3 ORDER BY a.name_key, a.id";
const WHO_CONSENT: &str = "SELECT account FROM newsletter_consent";
const COUNTS: &str = "SELECT
    (SELECT count(*) FROM account WHERE status = 'active' AND accredited_until > $3 AND created_at < $2),
    (SELECT count(DISTINCT country) FROM account WHERE status = 'active' AND accredited_until > $3 AND created_at < $2),
    (SELECT count(*) FROM organisation WHERE created_at < $2),
    (SELECT count(*) FROM account WHERE status = 'active' AND accredited_until > $3 AND created_at >= $1 AND created_at < $2),
    (SELECT count(*) FROM organisation WHERE created_at >= $1 AND created_at < $2)";

/// An organisation that has joined.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::newsletter) struct NewOrganisation {
    pub(in crate::newsletter) id: Uuid,
    pub(in crate::newsletter) name: String,
    pub(in crate::newsletter) country: Option<String>,
}

/// Somebody who is new and may be named.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::newsletter) struct NewPerson {
    pub(in crate::newsletter) id: Uuid,
    pub(in crate::newsletter) name: String,
    pub(in crate::newsletter) organisation: Option<String>,
    pub(in crate::newsletter) country: Option<String>,
}

pub(in crate::newsletter) async fn consent(tx: &mut Tx, account: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(CONSENT).bind(account).bind(at).execute(c))?;
    Ok(())
}

pub(in crate::newsletter) async fn take_consent_back(tx: &mut Tx, account: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(TAKE_BACK).bind(account).execute(c))?;
    Ok(())
}

/// When somebody has said that they may be named (microseconds).
pub(in crate::newsletter) async fn consented(conn: &mut impl On, account: Uuid) -> Result<Option<i64>> {
    Ok(on!(conn, c => sqlx::query_scalar(CONSENTED).bind(account).fetch_optional(c))?)
}

/// Everybody who may be named.
pub(in crate::newsletter) async fn who_consent(conn: &mut impl On) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(WHO_CONSENT).fetch_all(c))?)
}

pub(in crate::newsletter) async fn new_organisations(conn: &mut impl On, span: (i64, i64)) -> Result<Vec<NewOrganisation>> {
    Ok(on!(conn, c => sqlx::query_as(NEW_ORGANISATIONS).bind(span.0).bind(span.1).fetch_all(c))?)
}

pub(in crate::newsletter) async fn new_people(conn: &mut impl On, span: (i64, i64), now: i64) -> Result<Vec<NewPerson>> {
    Ok(on!(conn, c => sqlx::query_as(NEW_PEOPLE).bind(span.0).bind(span.1).bind(now).fetch_all(c))?)
}

/// Members, their countries, organisations; new members and new organisations: at the end of a span and within it.
pub(in crate::newsletter) async fn counts(conn: &mut impl On, span: (i64, i64), now: i64) -> Result<[i64; 5]> {
    let (members, countries, organisations, new_members, new_organisations) =
        on!(conn, c => sqlx::query_as(COUNTS).bind(span.0).bind(span.1).bind(now).fetch_one(c))?;
    Ok([members, countries, organisations, new_members, new_organisations])
}
