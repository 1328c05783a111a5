//! Accounts as others see them.

use uuid::Uuid;

use crate::base::db::{On, Result};

const PERSON: &str =
    "SELECT id, name, name_key, country, function, organisation FROM account WHERE id = $1 AND status = 'active'";
const PEOPLE: &str = "SELECT id, name, name_key, country, function, organisation FROM account
    WHERE status = 'active'
        AND ($1 = '' OR ' ' || replace(replace(replace(name_key, '-', ' '), '''', ' '), '’', ' ') LIKE $1)
        AND ($2 IS NULL OR name_key > $2 OR (name_key = $2 AND id > $3))
        AND ($4 IS NULL OR EXISTS (SELECT 1 FROM membership m WHERE m.channel = $4 AND m.account = account.id))
    ORDER BY name_key, id LIMIT $5";

/// A person's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct PersonRow {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) name_key: String,
    pub(super) country: Option<String>,
    pub(super) function: Option<String>,
    pub(super) organisation: Option<String>,
}

pub(super) async fn person(conn: &mut impl On, id: Uuid) -> Result<Option<PersonRow>> {
    Ok(on!(conn, c => sqlx::query_as(PERSON).bind(id).fetch_optional(c))?)
}

/// People of whose name a word begins with `part`, by name. `part` is folded words with single spaces between them, so
/// that it holds nothing that `LIKE` would read; empty, it is the beginning of every name.
pub(super) async fn people(
    conn: &mut impl On,
    part: &str,
    channel: Option<Uuid>,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Vec<PersonRow>> {
    let like = if part.is_empty() { String::new() } else { format!("% {part}%") };
    let (name, id) = after.unzip();
    Ok(on!(conn, c => sqlx::query_as(PEOPLE).bind(like).bind(name).bind(id).bind(channel).bind(limit).fetch_all(c))?)
}
