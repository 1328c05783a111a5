//! The record's table. There is an insert and there are selects, and nothing else.

use uuid::Uuid;

use super::Act;
use crate::base::db::{On, Result, Tx};

const HEAD: &str = "SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1";
const APPEND: &str = "INSERT INTO audit (at, actor, act, target, detail, hash) VALUES ($1, $2, $3, $4, $5, $6)";
const ALL: &str = "SELECT n, at, actor, act, target, detail, hash FROM audit ORDER BY n";

const PAGE: &str = "SELECT n, at, actor, act, target, detail, hash FROM audit WHERE n < $1 ORDER BY n DESC LIMIT $2";

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) n: i64,
    pub(super) at: i64,
    pub(super) actor: Option<Uuid>,
    pub(super) act: String,
    pub(super) target: String,
    pub(super) detail: String,
    pub(super) hash: Vec<u8>,
}

/// Number and hash of the last row.
pub(super) async fn head(tx: &mut Tx) -> Result<Option<(i64, Vec<u8>)>> {
    Ok(on!(tx, c => sqlx::query_as(HEAD).fetch_optional(c))?)
}

pub(super) async fn append(tx: &mut Tx, act: &Act<'_>, hash: &[u8]) -> Result<()> {
    on!(tx, c => sqlx::query(APPEND)
        .bind(act.at).bind(act.actor).bind(act.what).bind(&act.target).bind(&act.detail).bind(hash)
        .execute(c))?;
    Ok(())
}

pub(super) async fn all(conn: &mut impl On) -> Result<Vec<Row>> {
    Ok(on!(conn, c => sqlx::query_as(ALL).fetch_all(c))?)
}

/// Rows before a number, the latest first.
pub(super) async fn page(conn: &mut impl On, before: i64, limit: i64) -> Result<Vec<Row>> {
    Ok(on!(conn, c => sqlx::query_as(PAGE).bind(before).bind(limit).fetch_all(c))?)
}
