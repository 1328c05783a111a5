//! The record's table. There is an insert and there are selects, and nothing else.

use uuid::Uuid;

use super::Act;
use crate::base::db::{On, Result, Tx};

const HEAD: &str = "SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1";
const APPEND: &str = "INSERT INTO audit (at, actor, act, target, detail, hash) VALUES ($1, $2, $3, $4, $5, $6)";
const ROW: &str = "SELECT n, at, actor, act, target, detail, hash FROM audit WHERE n = $1";
const ASCENDING: &str = "SELECT n, at, actor, act, target, detail, hash FROM audit WHERE n > $1 ORDER BY n LIMIT $2";
const SINCE: &str = "SELECT 1 FROM audit WHERE target = $3 AND actor = $1 AND act = $2 AND at > $4 LIMIT 1";

/// A row of the record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    /// Its number: 1, 2, 3, …
    pub n: i64,
    /// When (microseconds).
    pub at: i64,
    /// Who, if it was a person.
    pub actor: Option<Uuid>,
    /// What: `area.verb`.
    pub act: String,
    /// To what: `kind:id`.
    pub target: String,
    /// Details without content.
    pub detail: String,
    /// SHA-256 over the hash before and all of the above.
    pub hash: Vec<u8>,
}

/// What a reading of the record is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// How the act begins: `account.`, or a whole act. Empty: every act.
    pub act: String,
    /// Who acted.
    pub actor: Option<Uuid>,
    /// One of these targets. Empty: every target.
    pub targets: Vec<String>,
    /// At or after this moment (microseconds).
    pub from: Option<i64>,
    /// Before this moment (microseconds).
    pub to: Option<i64>,
    /// Rows with a lower number.
    pub below: Option<i64>,
}

/// Number and hash of the last row; `None` while nothing is recorded.
pub async fn head(conn: &mut impl On) -> Result<Option<(i64, Vec<u8>)>> {
    Ok(on!(conn, c => sqlx::query_as(HEAD).fetch_optional(c))?)
}

/// One row.
pub async fn row(conn: &mut impl On, n: i64) -> Result<Option<Row>> {
    Ok(on!(conn, c => sqlx::query_as(ROW).bind(n).fetch_optional(c))?)
}

pub(super) async fn append(tx: &mut Tx, act: &Act<'_>, hash: &[u8]) -> Result<()> {
    on!(tx, c => sqlx::query(APPEND)
        .bind(act.at).bind(act.actor).bind(act.what).bind(&act.target).bind(&act.detail).bind(hash)
        .execute(c))?;
    Ok(())
}

/// Rows after a number, ascending.
pub(super) async fn ascending(conn: &mut impl On, after: i64, limit: i64) -> Result<Vec<Row>> {
    Ok(on!(conn, c => sqlx::query_as(ASCENDING).bind(after).bind(limit).fetch_all(c))?)
}

/// Whether somebody has done this to that since a moment.
pub(super) async fn has_since(tx: &mut Tx, actor: Uuid, act: &str, target: &str, since: i64) -> Result<bool> {
    let found: Option<i64> =
        on!(tx, c => sqlx::query_scalar(SINCE).bind(actor).bind(act).bind(target).bind(since).fetch_optional(c))?;
    Ok(found.is_some())
}

/// Rows that the filter lets through, latest first.
pub async fn page(conn: &mut impl On, filter: &Filter, limit: i64) -> Result<Vec<Row>> {
    // The parameters are bound below in the order in which they are named here.
    let mut sql = String::from("SELECT n, at, actor, act, target, detail, hash FROM audit WHERE n < $1");
    let mut place = 1;
    let mut next = || {
        place += 1;
        format!("${place}")
    };
    let mut and = |condition: String| sql.push_str(&condition);
    if filter.actor.is_some() {
        and(format!(" AND actor = {}", next()));
    }
    if !filter.targets.is_empty() {
        let places: Vec<_> = filter.targets.iter().map(|_| next()).collect();
        and(format!(" AND target IN ({})", places.join(", ")));
    }
    if !filter.act.is_empty() {
        let place = next();
        and(format!(" AND substr(act, 1, length({place})) = {place}"));
    }
    if filter.from.is_some() {
        and(format!(" AND at >= {}", next()));
    }
    if filter.to.is_some() {
        and(format!(" AND at < {}", next()));
    }
    and(format!(" ORDER BY n DESC LIMIT {}", next()));
    on!(conn, c => {
        let mut statement = sqlx::query_as(sqlx::AssertSqlSafe(sql.clone())).bind(filter.below.unwrap_or(i64::MAX));
        if let Some(actor) = filter.actor {
            statement = statement.bind(actor);
        }
        for target in &filter.targets {
            statement = statement.bind(target);
        }
        if !filter.act.is_empty() {
            statement = statement.bind(&filter.act);
        }
        for moment in [filter.from, filter.to].into_iter().flatten() {
            statement = statement.bind(moment);
        }
        statement.bind(limit).fetch_all(c)
    })
    .map_err(Into::into)
}
