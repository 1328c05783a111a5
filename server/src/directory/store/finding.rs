//! What the finder needs of everybody, and no more.

use uuid::Uuid;

use crate::base::db::{On, Result};

const PEOPLE: &str =
    "SELECT a.id, a.name_key, a.country, a.function, a.organisation_id, a.accredited_until, e.helps, e.speaks, e.confirmed_at
    FROM account a LEFT JOIN directory_entry e ON e.account = a.id
    WHERE a.status = 'active' AND a.left_at IS NULL AND a.accredited_until IS NOT NULL";
const ORGANISATIONS: &str = "SELECT id, name_key, short_name, kind, country, helps, speaks, confirmed_at FROM organisation";
const FOCAL_POINTS: &str = "SELECT f.account, f.organisation, f.theme FROM focal_point f
    JOIN role_grant g ON g.account = f.account AND g.role = 'focal_point' AND g.scope = f.scope";

#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::directory) struct FinderPerson {
    pub(in crate::directory) id: Uuid,
    pub(in crate::directory) name_key: String,
    pub(in crate::directory) country: Option<String>,
    pub(in crate::directory) function: Option<String>,
    pub(in crate::directory) organisation_id: Option<Uuid>,
    pub(in crate::directory) accredited_until: i64,
    pub(in crate::directory) helps: Option<String>,
    pub(in crate::directory) speaks: Option<String>,
    pub(in crate::directory) confirmed_at: Option<i64>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::directory) struct FinderOrganisation {
    pub(in crate::directory) id: Uuid,
    pub(in crate::directory) name_key: String,
    pub(in crate::directory) short_name: Option<String>,
    pub(in crate::directory) kind: String,
    pub(in crate::directory) country: Option<String>,
    pub(in crate::directory) helps: String,
    pub(in crate::directory) speaks: String,
    pub(in crate::directory) confirmed_at: Option<i64>,
}

/// Account, organisation and theme.
pub(in crate::directory) type Naming = (Uuid, Uuid, Option<String>);

/// Everybody whom the directory shows.
pub(in crate::directory) async fn people(conn: &mut impl On) -> Result<Vec<FinderPerson>> {
    Ok(on!(conn, c => sqlx::query_as(PEOPLE).fetch_all(c))?)
}

/// Those of these accounts whom the directory shows.
pub(in crate::directory) async fn people_among(conn: &mut impl On, accounts: &[Uuid]) -> Result<Vec<FinderPerson>> {
    Ok(among!(conn, format!("{PEOPLE} AND a.id IN"), accounts, ""))
}

pub(in crate::directory) async fn organisations(conn: &mut impl On) -> Result<Vec<FinderOrganisation>> {
    Ok(on!(conn, c => sqlx::query_as(ORGANISATIONS).fetch_all(c))?)
}

pub(in crate::directory) async fn focal_points(conn: &mut impl On) -> Result<Vec<Naming>> {
    Ok(on!(conn, c => sqlx::query_as(FOCAL_POINTS).fetch_all(c))?)
}

/// The namings of these accounts.
pub(in crate::directory) async fn focal_points_among(conn: &mut impl On, accounts: &[Uuid]) -> Result<Vec<Naming>> {
    Ok(among!(conn, format!("{FOCAL_POINTS} WHERE f.account IN"), accounts, ""))
}
