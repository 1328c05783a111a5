//! The searches of `0026_saved_searches.sql`.

use uuid::Uuid;

use crate::base::db::{On, Result, Tx};

const OWN: &str = "SELECT id, account, name, query, alert, seen, found_at, created_at FROM saved_search
    WHERE account = $1 ORDER BY created_at DESC, id DESC";
const COUNT: &str = "SELECT count(*) FROM saved_search WHERE account = $1";
const INSERT: &str = "INSERT INTO saved_search (id, account, name, query, alert, seen, looked_at, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
/// Who turns an alert on is told of what comes from then on.
const CHANGE: &str = "UPDATE saved_search SET name = coalesce($3, name), seen = CASE WHEN $4 AND NOT alert THEN $5 ELSE seen END,
        alert = coalesce($4, alert), found_at = CASE WHEN $6 THEN NULL ELSE found_at END
    WHERE id = $1 AND account = $2";
const DELETE: &str = "DELETE FROM saved_search WHERE id = $1 AND account = $2";
const DUE: &str = "SELECT id, account, name, query, alert, seen, found_at, created_at FROM saved_search
    WHERE alert AND seen < $1 ORDER BY looked_at, id LIMIT $2";
const END: &str = "UPDATE saved_search SET alert = FALSE WHERE account = $1";
/// Unless it has been changed or taken away meanwhile.
const LOOKED: &str = "UPDATE saved_search SET seen = $3, looked_at = $4,
        found_at = CASE WHEN $5 THEN coalesce(found_at, $4) ELSE found_at END
    WHERE id = $1 AND alert AND seen = $2 RETURNING name";

/// A search as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) account: Uuid,
    pub(super) name: String,
    pub(super) query: String,
    pub(super) alert: bool,
    pub(super) seen: i64,
    pub(super) found_at: Option<i64>,
    pub(super) created_at: i64,
}

/// Somebody's searches, the latest first.
pub(super) async fn own(conn: &mut impl On, account: Uuid) -> Result<Vec<Row>> {
    Ok(on!(conn, c => sqlx::query_as(OWN).bind(account).fetch_all(c))?)
}

/// How many searches somebody keeps.
pub(super) async fn count(conn: &mut impl On, account: Uuid) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(COUNT).bind(account).fetch_one(c))?)
}

pub(super) async fn insert(tx: &mut Tx, row: &Row) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT).bind(row.id).bind(row.account).bind(&row.name).bind(&row.query).bind(row.alert)
        .bind(row.seen).bind(row.created_at).execute(c))?;
    Ok(())
}

/// What is to be changed; what isn't named stays.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    pub(super) name: Option<String>,
    pub(super) alert: Option<bool>,
    /// Whether its person has looked at what was found.
    pub(super) seen: bool,
}

/// Changes one's own search; `newest` is the number of the newest message. `false` if one has none of this id.
pub(super) async fn change(tx: &mut Tx, id: Uuid, account: Uuid, change: &Change, newest: i64) -> Result<bool> {
    let changed = on!(tx, c => sqlx::query(CHANGE).bind(id).bind(account).bind(&change.name).bind(change.alert).bind(newest)
        .bind(change.seen).execute(c))?;
    Ok(changed.rows_affected() == 1)
}

pub(super) async fn delete(tx: &mut Tx, id: Uuid, account: Uuid) -> Result<bool> {
    Ok(on!(tx, c => sqlx::query(DELETE).bind(id).bind(account).execute(c))?.rows_affected() == 1)
}

/// Alerts that haven't looked up to this message yet, those that have waited longest first.
pub(super) async fn due(conn: &mut impl On, newest: i64, limit: i64) -> Result<Vec<Row>> {
    Ok(on!(conn, c => sqlx::query_as(DUE).bind(newest).bind(limit).fetch_all(c))?)
}

/// Ends somebody's alerts.
pub(super) async fn end(tx: &mut Tx, account: Uuid) -> Result<()> {
    on!(tx, c => sqlx::query(END).bind(account).execute(c))?;
    Ok(())
}

/// Notes up to which message an alert has looked, and whether it has found something: the name of the search, if it is as it
/// was when it began.
pub(super) async fn looked(tx: &mut Tx, row: &Row, newest: i64, at: i64, found: bool) -> Result<Option<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(LOOKED).bind(row.id).bind(row.seen).bind(newest).bind(at).bind(found).fetch_optional(c))?)
}
