//! What the rules need, read together.

use sqlx::Row;
use uuid::Uuid;

use crate::base::db::{On, Result};

#[cfg(test)]
mod tests;

const PERSON: &str = "SELECT name, country, organisation_id, accredited_until FROM account WHERE id = $1 AND status = 'active'";
const GRANTS: &str = "SELECT role, scope FROM role_grant WHERE account = $1";
const MEMBERSHIPS: &str = "SELECT channel FROM membership WHERE account = $1";
const MUTES: &str = "SELECT scope, until FROM mute WHERE account = $1 AND until > $2 AND ended_at IS NULL";
const CHANNEL: &str = "SELECT id, number, kind, listed, country, theme, marking, ceiling, grading, general, archived_at,
        EXISTS (SELECT 1 FROM channel_policy WHERE channel = channel.id) AS has_policy,
        retention_days, pictures
    FROM channel WHERE id = $1";

/// An account that is active, as the rules see it.
#[derive(sqlx::FromRow)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) country: Option<String>,
    #[sqlx(rename = "organisation_id")]
    pub(super) organisation: Option<Uuid>,
    pub(super) accredited_until: Option<i64>,
}

/// An account that is active.
pub(super) async fn person(conn: &mut impl On, account: Uuid) -> Result<Option<Person>> {
    Ok(on!(conn, c => sqlx::query_as(PERSON).bind(account).fetch_optional(c))?)
}

/// Role and scope of every grant.
pub(super) async fn grants(conn: &mut impl On, account: Uuid) -> Result<Vec<(String, String)>> {
    Ok(on!(conn, c => sqlx::query_as(GRANTS).bind(account).fetch_all(c))?)
}

/// The channels an account belongs to.
pub(super) async fn memberships(conn: &mut impl On, account: Uuid) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(MEMBERSHIPS).bind(account).fetch_all(c))?)
}

/// Scope and end of every mute that holds at this time.
pub(super) async fn mutes(conn: &mut impl On, account: Uuid, at: i64) -> Result<Vec<(String, i64)>> {
    Ok(on!(conn, c => sqlx::query_as(MUTES).bind(account).bind(at).fetch_all(c))?)
}

/// The facts of a channel.
pub(super) async fn channel(conn: &mut impl On, id: Uuid) -> Result<Option<super::Channel>> {
    let row = on!(conn, c => sqlx::query(CHANNEL).bind(id).fetch_optional(c))?;
    let Some(row) = row else { return Ok(None) };
    let kind: String = row.try_get(2)?;
    Ok(Some(super::Channel {
        id: row.try_get(0)?,
        number: row.try_get(1)?,
        kind: kind.parse().map_err(|()| crate::base::db::Error::Malformed("channel kind"))?,
        listed: row.try_get(3)?,
        country: row.try_get(4)?,
        theme: row.try_get(5)?,
        marking: row.try_get(6)?,
        ceiling: row.try_get(7)?,
        grading: row.try_get(8)?,
        general: row.try_get(9)?,
        archived: row.try_get::<Option<i64>, _>(10)?.is_some(),
        has_policy: row.try_get(11)?,
        retention_days: row.try_get(12)?,
        pictures: row.try_get(13)?,
    }))
}
