//! What the card of a country needs from storage.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const CONFIRMATION: &str = "SELECT c.confirmed_at, c.confirmed_by, a.name FROM country_confirmation c
    JOIN account a ON a.id = c.confirmed_by WHERE c.country = $1";
const CONFIRM: &str = "INSERT INTO country_confirmation (country, confirmed_at, confirmed_by) VALUES ($1, $2, $3)
    ON CONFLICT (country) DO UPDATE SET confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by";
const MODERATORS: &str = "SELECT a.id FROM role_grant g JOIN account a ON a.id = g.account
    WHERE g.role = 'moderator' AND g.scope = $1 AND a.status = 'active' AND a.left_at IS NULL ORDER BY a.name_key, a.id";
const CHANNEL: &str = "SELECT id FROM channel WHERE purpose = 'country' AND country = $1";

/// When a country's numbers were confirmed, and by whom.
pub(in crate::directory) async fn confirmation(conn: &mut impl On, country: &str) -> Result<Option<(i64, Uuid, String)>> {
    Ok(on!(conn, c => sqlx::query_as(CONFIRMATION).bind(country).fetch_optional(c))?)
}

pub(in crate::directory) async fn confirm(tx: &mut Tx, country: &str, at: i64, by: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(CONFIRM).bind(country).bind(at).bind(by).execute(c))?;
    Ok(())
}

/// Who moderates within exactly this scope, by name.
pub(in crate::directory) async fn moderators(conn: &mut impl On, scope: &str) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(MODERATORS).bind(scope).fetch_all(c))?)
}

/// The channel of a country.
pub(in crate::directory) async fn channel(conn: &mut impl On, country: &str) -> Result<Option<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(CHANNEL).bind(country).fetch_optional(c))?)
}
