//! Organisations, who works in them and who answers for them.

use uuid::Uuid;

use super::super::model::Facts;
use crate::base::db::{On, Result, Tx};

const COLUMNS: &str =
    "SELECT o.id, o.name, o.name_key, o.short_name, o.kind, o.country, o.regime, o.host, o.description, o.helps, o.speaks,
        o.confirmed_at, o.confirmed_by, a.name AS confirmer
    FROM organisation o LEFT JOIN account a ON a.id = o.confirmed_by";
const PAGE: &str =
    "WHERE ($1 IS NULL OR o.country = $1) AND ($2 IS NULL OR o.kind = $2) AND ($3 = '' OR ' ' || o.name_key LIKE $3)
        AND ($4 IS NULL OR o.name_key > $4 OR (o.name_key = $4 AND o.id > $5))
    ORDER BY o.name_key, o.id LIMIT $6";
const OF_COUNTRY: &str = "WHERE o.country = $1 ORDER BY o.name_key, o.id LIMIT $2";
const SERVING: &str = "WHERE o.country = $1 OR o.country IS NULL ORDER BY o.name_key, o.id";
const BY_KEY: &str = "SELECT id FROM organisation WHERE name_key = $1 AND coalesce(country, '') = coalesce($2, '')";
const INSERT: &str =
    "INSERT INTO organisation (id, name, name_key, short_name, kind, country, regime, host, description, helps, speaks, created_at, created_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
const CHANGE: &str =
    "UPDATE organisation SET name = $2, name_key = $3, short_name = $4, kind = $5, country = $6, regime = $7, host = $8, description = $9,
        helps = $10, speaks = $11 WHERE id = $1";
const DESCRIPTIONS: &str = "SELECT description FROM organisation WHERE description IS NOT NULL";
const CONFIRM: &str = "UPDATE organisation SET confirmed_at = $2, confirmed_by = $3 WHERE id = $1";
const RENAME_STAFF: &str = "UPDATE account SET organisation = $2 WHERE organisation_id = $1";
const PLACE: &str = "UPDATE account SET organisation_id = $2, organisation = $3 WHERE id = $1";
const UNSETTLED: &str =
    "SELECT id, organisation, country, function FROM account WHERE organisation IS NOT NULL AND organisation_id IS NULL
        AND ($1 IS NULL OR id = $1) LIMIT $2";
const INSERT_FOCAL_POINT: &str = "INSERT INTO focal_point (organisation, account, scope, theme) VALUES ($1, $2, $3, $4)
    ON CONFLICT (organisation, account) DO UPDATE SET theme = excluded.theme";
const DELETE_FOCAL_POINT: &str = "DELETE FROM focal_point WHERE organisation = $1 AND account = $2";
/// A naming holds as long as its grant does, and for people whom one can still reach.
const FOCAL: &str =
    "SELECT f.organisation, f.account, f.theme, o.name, coalesce(a.accredited_until, 0) AS until FROM focal_point f
    JOIN role_grant g ON g.account = f.account AND g.role = 'focal_point' AND g.scope = f.scope
    JOIN organisation o ON o.id = f.organisation JOIN account a ON a.id = f.account
    WHERE a.status = 'active' AND a.left_at IS NULL AND";

/// An organisation's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::directory) struct OrganisationRow {
    pub(in crate::directory) id: Uuid,
    pub(in crate::directory) name: String,
    pub(in crate::directory) name_key: String,
    pub(in crate::directory) short_name: Option<String>,
    pub(in crate::directory) kind: String,
    pub(in crate::directory) country: Option<String>,
    pub(in crate::directory) regime: String,
    pub(in crate::directory) host: Option<String>,
    pub(in crate::directory) description: Option<String>,
    pub(in crate::directory) helps: String,
    pub(in crate::directory) speaks: String,
    pub(in crate::directory) confirmed_at: Option<i64>,
    pub(in crate::directory) confirmed_by: Option<Uuid>,
    pub(in crate::directory) confirmer: Option<String>,
}

/// A naming.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::directory) struct FocalRow {
    pub(in crate::directory) organisation: Uuid,
    pub(in crate::directory) account: Uuid,
    pub(in crate::directory) theme: Option<String>,
    /// The organisation's name.
    pub(in crate::directory) name: String,
    /// When the person's accreditation runs out (microseconds).
    pub(in crate::directory) until: i64,
}

pub(in crate::directory) async fn organisation(conn: &mut impl On, id: Uuid) -> Result<Option<OrganisationRow>> {
    Ok(organisations_by_id(conn, &[id]).await?.pop())
}

/// These organisations, in no order.
pub(in crate::directory) async fn organisations_by_id(conn: &mut impl On, ids: &[Uuid]) -> Result<Vec<OrganisationRow>> {
    Ok(among!(conn, format!("{COLUMNS} WHERE o.id IN"), ids, ""))
}

/// Which organisations a list shows.
#[derive(Clone, Debug, Default)]
pub(in crate::directory) struct Narrowing {
    pub(in crate::directory) country: Option<String>,
    pub(in crate::directory) kind: Option<String>,
    /// Folded words with single spaces between them: the beginning of a word of the name. Empty: any.
    pub(in crate::directory) part: String,
}

/// Organisations by name.
pub(in crate::directory) async fn page(
    conn: &mut impl On,
    which: &Narrowing,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Vec<OrganisationRow>> {
    let like = if which.part.is_empty() { String::new() } else { format!("% {}%", which.part) };
    let (name, id) = after.unzip();
    let sql = format!("{COLUMNS} {PAGE}");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&which.country).bind(&which.kind).bind(like).bind(name).bind(id).bind(limit).fetch_all(c))?)
}

/// The organisations of a country, by name.
pub(in crate::directory) async fn of_country(conn: &mut impl On, country: &str, limit: i64) -> Result<Vec<OrganisationRow>> {
    let sql = format!("{COLUMNS} {OF_COUNTRY}");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(country).bind(limit).fetch_all(c))?)
}

/// The organisations of a country and those of the whole region, by name.
pub(in crate::directory) async fn serving(conn: &mut impl On, country: &str) -> Result<Vec<OrganisationRow>> {
    let sql = format!("{COLUMNS} {SERVING}");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(country).fetch_all(c))?)
}

/// The organisation of this folded name in a country (`None`: of the whole region).
pub(in crate::directory) async fn by_key(conn: &mut impl On, key: &str, country: Option<&str>) -> Result<Option<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(BY_KEY).bind(key).bind(country).fetch_optional(c))?)
}

/// What all organisations say of themselves.
pub(in crate::directory) async fn descriptions(conn: &mut impl On) -> Result<Vec<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(DESCRIPTIONS).fetch_all(c))?)
}

pub(in crate::directory) async fn insert(tx: &mut Tx, id: Uuid, f: &Facts, at: i64, by: Option<Uuid>) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(id).bind(&f.name).bind(f.key()).bind(&f.short_name).bind(&f.kind).bind(&f.country).bind(&f.regime).bind(&f.host)
        .bind(&f.description).bind(&f.helps).bind(&f.speaks).bind(at).bind(by)
        .execute(c))?;
    Ok(())
}

pub(in crate::directory) async fn change(tx: &mut Tx, id: Uuid, f: &Facts) -> Result<()> {
    on!(tx, c => sqlx::query(CHANGE)
        .bind(id).bind(&f.name).bind(f.key()).bind(&f.short_name).bind(&f.kind).bind(&f.country).bind(&f.regime).bind(&f.host)
        .bind(&f.description).bind(&f.helps).bind(&f.speaks)
        .execute(c))?;
    Ok(())
}

pub(in crate::directory) async fn confirm(tx: &mut Tx, id: Uuid, at: i64, by: Option<Uuid>) -> Result<()> {
    on!(tx, c => sqlx::query(CONFIRM).bind(id).bind(at).bind(by).execute(c))?;
    Ok(())
}

/// Keeps the name that accounts show in step with their organisation's.
pub(in crate::directory) async fn rename_staff(tx: &mut Tx, organisation: Uuid, name: &str) -> Result<()> {
    on!(tx, c => sqlx::query(RENAME_STAFF).bind(organisation).bind(name).execute(c))?;
    Ok(())
}

/// Puts an account into an organisation of this name.
pub(in crate::directory) async fn place(tx: &mut Tx, account: Uuid, organisation: Uuid, name: &str) -> Result<()> {
    on!(tx, c => sqlx::query(PLACE).bind(account).bind(organisation).bind(name).execute(c))?;
    Ok(())
}

/// An account that names an organisation in words only.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::directory) struct Unsettled {
    pub(in crate::directory) id: Uuid,
    pub(in crate::directory) organisation: String,
    pub(in crate::directory) country: Option<String>,
    pub(in crate::directory) function: Option<String>,
}

/// Such accounts, or this one if it is such.
pub(in crate::directory) async fn unsettled(conn: &mut impl On, account: Option<Uuid>, limit: i64) -> Result<Vec<Unsettled>> {
    Ok(on!(conn, c => sqlx::query_as(UNSETTLED).bind(account).bind(limit).fetch_all(c))?)
}

pub(in crate::directory) async fn insert_focal_point(
    tx: &mut Tx,
    organisation: Uuid,
    account: Uuid,
    scope: &str,
    theme: Option<&str>,
) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT_FOCAL_POINT).bind(organisation).bind(account).bind(scope).bind(theme).execute(c))?;
    Ok(())
}

pub(in crate::directory) async fn delete_focal_point(tx: &mut Tx, organisation: Uuid, account: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE_FOCAL_POINT).bind(organisation).bind(account).execute(c))?;
    Ok(())
}

/// Who answers for these organisations, by name of the person.
pub(in crate::directory) async fn focal_of_organisations(conn: &mut impl On, organisations: &[Uuid]) -> Result<Vec<FocalRow>> {
    Ok(among!(conn, format!("{FOCAL} f.organisation IN"), organisations, "ORDER BY a.name_key, a.id"))
}

/// For which organisations these accounts answer.
pub(in crate::directory) async fn focal_of_accounts(conn: &mut impl On, accounts: &[Uuid]) -> Result<Vec<FocalRow>> {
    Ok(among!(conn, format!("{FOCAL} f.account IN"), accounts, "ORDER BY o.name_key, o.id"))
}
