//! Facts about the data folder itself, kept in it.

use super::{On, Result, Tx};
use crate::on;

const READ: &str = "SELECT value FROM setting WHERE key = $1";
const WRITE: &str = "INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";

/// What is kept under this key.
pub async fn setting(conn: &mut impl On, key: &str) -> Result<Option<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(READ).bind(key).fetch_optional(c))?)
}

/// Keeps a value under this key, in place of what was there.
pub async fn set_setting(tx: &mut Tx, key: &str, value: &str) -> Result<()> {
    on!(tx, c => sqlx::query(WRITE).bind(key).bind(value).execute(c))?;
    Ok(())
}
