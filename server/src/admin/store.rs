//! Invitations.

use uuid::Uuid;

use super::{NewInvitation, Workplace};
use crate::base::db::{On, Result, Tx};

const INSERT: &str = "INSERT INTO invitation (id, token_hash, email, name, country, function, organisation, organisation_id, regime, role, scope, invited_by,
        created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
const LIST: &str =
    "SELECT i.id, i.email, i.name, i.country, i.function, coalesce(o.name, i.organisation) AS organisation, i.organisation_id,
        coalesce(o.regime, i.regime) AS regime, i.role, i.scope, i.invited_by, a.name AS inviter,
        i.created_at, i.expires_at, i.accepted_at, i.revoked_at
    FROM invitation i LEFT JOIN account a ON a.id = i.invited_by LEFT JOIN organisation o ON o.id = i.organisation_id";
const ACCEPT: &str = "UPDATE invitation SET accepted_at = $2, accepted_by = $3 WHERE id = $1";
const REVOKE: &str = "UPDATE invitation SET revoked_at = $2 WHERE id = $1 AND accepted_at IS NULL AND revoked_at IS NULL";
/// An invitation's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) country: Option<String>,
    pub(super) function: Option<String>,
    pub(super) organisation: Option<String>,
    /// `None` while the directory doesn't have it.
    pub(super) organisation_id: Option<Uuid>,
    /// The law that the organisation keeps personal data under.
    pub(super) regime: Option<String>,
    pub(super) role: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) invited_by: Option<Uuid>,
    pub(super) inviter: Option<String>,
    pub(super) created_at: i64,
    pub(super) expires_at: i64,
    pub(super) accepted_at: Option<i64>,
    pub(super) revoked_at: Option<i64>,
}

impl Row {
    /// Whether somebody may come in by it.
    pub(super) fn is_good(&self, now: i64) -> bool {
        self.accepted_at.is_none() && self.revoked_at.is_none() && self.expires_at > now
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: Uuid,
    hash: &[u8],
    i: &NewInvitation,
    by: Option<Uuid>,
    at: i64,
    expires_at: i64,
) -> Result<()> {
    let (role, scope) = i.grant.as_ref().map(|(role, scope)| (role.as_str(), scope.to_string())).unzip();
    let (known, name, regime) = match &i.workplace {
        Some(Workplace::Known(organisation)) => (Some(organisation), None, None),
        Some(Workplace::New { name, regime }) => (None, Some(name), Some(regime)),
        None => (None, None, None),
    };
    on!(tx, c => sqlx::query(INSERT)
        .bind(id).bind(hash).bind(&i.email).bind(&i.name).bind(&i.country).bind(&i.function).bind(name).bind(known).bind(regime)
        .bind(role).bind(scope).bind(by).bind(at).bind(expires_at)
        .execute(c))?;
    Ok(())
}

/// Invitations made before this one (`None`: all), the latest first.
pub(super) async fn list(conn: &mut impl On, before: Option<Uuid>, limit: i64) -> Result<Vec<Row>> {
    let sql = format!("{LIST} WHERE $1 IS NULL OR i.id < $1 ORDER BY i.id DESC LIMIT $2");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(before).bind(limit).fetch_all(c))?)
}

pub(super) async fn by_id(conn: &mut impl On, id: Uuid) -> Result<Option<Row>> {
    let sql = format!("{LIST} WHERE i.id = $1");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

pub(super) async fn by_hash(conn: &mut impl On, hash: &[u8]) -> Result<Option<Row>> {
    let sql = format!("{LIST} WHERE i.token_hash = $1");
    Ok(on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(hash).fetch_optional(c))?)
}

/// Uses an invitation up.
pub(super) async fn accept(tx: &mut Tx, id: Uuid, at: i64, by: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(ACCEPT).bind(id).bind(at).bind(by).execute(c))?;
    Ok(())
}

pub(super) async fn revoke(tx: &mut Tx, id: Uuid, at: i64) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(REVOKE).bind(id).bind(at).execute(c))?.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_000;

    fn row(expires_at: i64, accepted_at: Option<i64>, revoked_at: Option<i64>) -> Row {
        Row {
            id: Uuid::from_u128(7),
            email: "ana@example.ro".into(),
            name: "Ana".into(),
            country: None,
            function: None,
            organisation: None,
            organisation_id: None,
            regime: None,
            role: None,
            scope: None,
            invited_by: None,
            inviter: None,
            created_at: 0,
            expires_at,
            accepted_at,
            revoked_at,
        }
    }

    #[test]
    fn an_invitation_is_good_until_it_is_used_revoked_or_expired() {
        assert!(row(NOW + 1, None, None).is_good(NOW));
        assert!(!row(NOW, None, None).is_good(NOW));
        assert!(!row(NOW + 1, Some(NOW), None).is_good(NOW));
        assert!(!row(NOW + 1, None, Some(NOW)).is_good(NOW));
    }
}
