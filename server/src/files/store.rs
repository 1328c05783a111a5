//! The tables of `0029_files.sql`.

use sqlx::AssertSqlSafe;
use sqlx::query::QueryAs;
use uuid::Uuid;

use super::model::Row;
use crate::base::db::{On, Result, Tx};

const SELECT: &str = "SELECT id, owner, state, name, media_type, kind, size, width, height, key, blob, thumb, thumb_size,
        holder_kind, holder, created_at, sealed FROM file";
const INSERT: &str = "INSERT INTO file (id, owner, state, name, media_type, kind, size, key, blob, created_at, loose_at, sealed)
    VALUES ($1, $2, 'uploading', $3, $4, 'other', $5, $6, $7, $8, $8, $9)";
const READY: &str = "UPDATE file SET state = 'ready', name = $2, media_type = $3, kind = $4, size = $5, width = $6, height = $7,
        blob = $8, thumb = $9, thumb_size = $10
    WHERE id = $1 AND state = 'uploading' AND blob = $11";
const TAKEN: &str = "SELECT coalesce(sum(size), 0) FROM file WHERE owner = $1";
const LOOSE: &str = "SELECT count(*) FROM file WHERE owner = $1 AND holder IS NULL";
const IN_DAY: &str = "INSERT INTO file_day (account, day, bytes) VALUES ($1, $2, $3)
    ON CONFLICT (account, day) DO UPDATE SET bytes = file_day.bytes + $3";
const DAY: &str = "SELECT coalesce(sum(bytes), 0) FROM file_day WHERE account = $1 AND day = $2";
const FORGET_DAYS: &str = "DELETE FROM file_day WHERE day < $1";
const ATTACH: &str = "UPDATE file SET holder_kind = $2, holder = $3, place = $4
    WHERE id = $1 AND owner = $5 AND state = 'ready' AND (holder IS NULL OR holder_kind = 'held' AND holder = $3)";
const DETACH: &str = "UPDATE file SET holder_kind = NULL, holder = NULL, loose_at = $2 WHERE id = $1";
const HOLDERS: &str = "SELECT DISTINCT holder FROM file WHERE holder_kind = $1 AND holder IS NOT NULL";
const STALE: &str = "SELECT id FROM file WHERE holder IS NULL AND loose_at < $1 ORDER BY loose_at LIMIT 100";
const DOOM: &str = "INSERT INTO file_doomed (blob) VALUES ($1) ON CONFLICT DO NOTHING";
const DOOMED: &str = "SELECT blob FROM file_doomed LIMIT 500";
const SPARE: &str = "DELETE FROM file_doomed WHERE blob = $1";
const FORGET: &str = "DELETE FROM file WHERE id = $1";
const GONE: &str = "INSERT INTO file_gone (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const HAND_OVER: &str =
    "UPDATE file SET name = '', media_type = 'application/octet-stream', kind = 'other', width = NULL, height = NULL, key = X'',
        thumb = NULL, thumb_size = NULL, holder_kind = $2, holder = $3
    WHERE id = $1";
/// What was handed over has no key here.
const BLOBS: &str = "SELECT id, blob, size, key FROM file WHERE state = 'ready' AND length(key) > 0
    UNION ALL SELECT id, thumb, thumb_size, key FROM file WHERE thumb IS NOT NULL";
const WHOLE: &str = "SELECT blob FROM file WHERE state = 'ready' UNION ALL SELECT thumb FROM file WHERE thumb IS NOT NULL";
const LEAVE_OUT: &str = "DELETE FROM file WHERE blob = $1 OR thumb = $1";
const NAMED: &str = "SELECT blob FROM file UNION ALL SELECT thumb FROM file WHERE thumb IS NOT NULL
    UNION ALL SELECT blob FROM file_doomed";

/// Things asked about at once.
const AT_ONCE: usize = 200;

/// A file that is announced.
#[derive(Clone, Debug)]
pub(super) struct New {
    pub(super) id: Uuid,
    pub(super) owner: Uuid,
    pub(super) name: String,
    pub(super) size: i64,
    pub(super) key: Vec<u8>,
    pub(super) blob: String,
    pub(super) created_at: i64,
    pub(super) sealed: bool,
}

/// What is known of a file once it was examined.
#[derive(Clone, Debug)]
pub(super) struct Ready {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) media_type: &'static str,
    pub(super) kind: &'static str,
    pub(super) size: i64,
    pub(super) width: Option<i64>,
    pub(super) height: Option<i64>,
    pub(super) blob: String,
    pub(super) thumb: Option<String>,
    pub(super) thumb_size: Option<i64>,
    /// Where it lay until then.
    pub(super) from: String,
    /// What stands in it.
    pub(super) text: String,
}

pub(super) async fn file(conn: &mut impl On, id: Uuid) -> Result<Option<Row>> {
    let sql = format!("{SELECT} WHERE id = $1");
    Ok(on!(conn, c => sqlx::query_as(AssertSqlSafe(sql)).bind(id).fetch_optional(c))?)
}

/// The files of things of a kind, each thing's in their order.
pub(super) async fn of(conn: &mut impl On, kind: &str, ids: &[Uuid]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let places: Vec<String> = (2..some.len() + 2).map(|n| format!("${n}")).collect();
        let sql = format!("{SELECT} WHERE holder_kind = $1 AND holder IN ({}) ORDER BY holder, place", places.join(", "));
        let query = sqlx::query_as(AssertSqlSafe(sql)).bind(kind);
        let found: Vec<Row> = on!(conn, c => some.iter().fold(query, QueryAs::bind).fetch_all(c))?;
        rows.extend(found);
    }
    Ok(rows)
}

/// Files that are ready, by their ids.
pub(super) async fn files(conn: &mut impl On, ids: &[Uuid]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let places: Vec<String> = (1..=some.len()).map(|n| format!("${n}")).collect();
        let sql = format!("{SELECT} WHERE state = 'ready' AND id IN ({})", places.join(", "));
        let query = sqlx::query_as(AssertSqlSafe(sql));
        let found: Vec<Row> = on!(conn, c => some.iter().fold(query, QueryAs::bind).fetch_all(c))?;
        rows.extend(found);
    }
    Ok(rows)
}

pub(super) async fn insert(tx: &mut Tx, new: &New) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT).bind(new.id).bind(new.owner).bind(&new.name).bind("application/octet-stream")
        .bind(new.size).bind(&new.key).bind(&new.blob).bind(new.created_at).bind(new.sealed).execute(c))?;
    Ok(())
}

/// Notes what was found in a file; `false` if it is gone, or somebody was faster.
pub(super) async fn ready(tx: &mut Tx, ready: &Ready) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(READY).bind(ready.id).bind(&ready.name).bind(ready.media_type).bind(ready.kind)
        .bind(ready.size).bind(ready.width).bind(ready.height).bind(&ready.blob).bind(&ready.thumb).bind(ready.thumb_size)
        .bind(&ready.from).execute(c))?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    if ready.from != ready.blob {
        doom(tx, &ready.from).await?;
    }
    Ok(true)
}

/// Bytes that somebody's files take together.
pub(super) async fn taken(conn: &mut impl On, owner: Uuid) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(TAKEN).bind(owner).fetch_one(c))?)
}

/// How many of somebody's files hang on nothing.
pub(super) async fn loose(conn: &mut impl On, owner: Uuid) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(LOOSE).bind(owner).fetch_one(c))?)
}

/// Bytes that somebody has announced in a day.
pub(super) async fn in_day(conn: &mut impl On, account: Uuid, day: i64) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(DAY).bind(account).bind(day).fetch_one(c))?)
}

/// Counts bytes that somebody has announced in a day.
pub(super) async fn announce(tx: &mut Tx, account: Uuid, day: i64, bytes: i64) -> Result<()> {
    on!(tx, c => sqlx::query(IN_DAY).bind(account).bind(day).bind(bytes).execute(c))?;
    Ok(())
}

/// Forgets what was counted before a day.
pub(super) async fn forget_days(tx: &mut Tx, before: i64) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET_DAYS).bind(before).execute(c))?;
    Ok(())
}

/// Hangs somebody's file on a thing; `false` if it isn't theirs, isn't ready or hangs on another one.
pub(super) async fn attach(tx: &mut Tx, id: Uuid, kind: &str, holder: Uuid, place: i64, owner: Uuid) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(ATTACH).bind(id).bind(kind).bind(holder).bind(place).bind(owner).execute(c))?;
    Ok(done.rows_affected() == 1)
}

/// Takes a file off what it hangs on; it is its owner's for a day from then on.
pub(super) async fn detach(tx: &mut Tx, id: Uuid, at: i64) -> Result<()> {
    on!(tx, c => sqlx::query(DETACH).bind(id).bind(at).execute(c))?;
    Ok(())
}

/// Takes a file's key, its name and all that is known of it out of here, and hangs what is left on a sealed space.
pub(super) async fn hand_over(tx: &mut Tx, row: &Row, kind: &str, holder: Uuid) -> Result<()> {
    if let Some(thumb) = &row.thumb {
        doom(tx, thumb).await?;
    }
    on!(tx, c => sqlx::query(HAND_OVER).bind(row.id).bind(kind).bind(holder).execute(c))?;
    Ok(())
}

/// The things of a kind that files hang on.
pub(super) async fn holders(conn: &mut impl On, kind: &str) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(HOLDERS).bind(kind).fetch_all(c))?)
}

/// Files that have hung on nothing since before a time.
pub(super) async fn stale(conn: &mut impl On, before: i64) -> Result<Vec<Uuid>> {
    Ok(on!(conn, c => sqlx::query_scalar(STALE).bind(before).fetch_all(c))?)
}

/// Notes that something has to be removed from the folder.
pub(super) async fn doom(tx: &mut Tx, blob: &str) -> Result<()> {
    on!(tx, c => sqlx::query(DOOM).bind(blob).execute(c))?;
    Ok(())
}

/// What has to be removed from the folder.
pub(super) async fn doomed(conn: &mut impl On) -> Result<Vec<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(DOOMED).fetch_all(c))?)
}

/// Notes that it was.
pub(super) async fn removed(tx: &mut Tx, blob: &str) -> Result<()> {
    on!(tx, c => sqlx::query(SPARE).bind(blob).execute(c))?;
    Ok(())
}

/// Forgets a file with its key, and notes when.
pub(super) async fn forget(tx: &mut Tx, row: &Row, at: i64) -> Result<()> {
    for blob in [Some(&row.blob), row.thumb.as_ref()].into_iter().flatten() {
        doom(tx, blob).await?;
    }
    on!(tx, c => sqlx::query(FORGET).bind(row.id).execute(c))?;
    on!(tx, c => sqlx::query(GONE).bind(row.id).bind(at).execute(c))?;
    Ok(())
}

/// Id, name in the folder, size and sealed key of everything that is whole.
pub(super) async fn blobs(conn: &mut impl On) -> Result<Vec<(Uuid, String, i64, Vec<u8>)>> {
    Ok(on!(conn, c => sqlx::query_as(BLOBS).fetch_all(c))?)
}

/// The names in the folder of everything that is whole.
pub(super) async fn whole(conn: &mut impl On) -> Result<Vec<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(WHOLE).fetch_all(c))?)
}

/// Takes a file out of a copy that was gone before its bytes could be copied.
pub(super) async fn leave_out(conn: &mut impl On, blob: &str) -> Result<()> {
    on!(conn, c => sqlx::query(LEAVE_OUT).bind(blob).execute(c))?;
    Ok(())
}

/// Everything that may lie in the folder.
pub(super) async fn named(conn: &mut impl On) -> Result<Vec<String>> {
    Ok(on!(conn, c => sqlx::query_scalar(NAMED).fetch_all(c))?)
}
