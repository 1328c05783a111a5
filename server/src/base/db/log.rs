//! The write-ahead log, folded back into the main file on a connection that no post waits for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

/// How often the log is folded back.
const FOLD_EVERY: Duration = Duration::from_secs(2);
/// Pages in the log (of 4 KiB) from which on the writer itself makes room: under a lasting load the log would
/// otherwise never be started anew.
const LONG: i64 = 16_384;
/// How long the writer waits at most for those who still read in a log that is to be emptied (milliseconds). Where that is
/// not enough, the next round tries again.
const EMPTY_WITHIN: &str = "PRAGMA busy_timeout = 200";

/// What the writer and whoever folds its log back tell each other.
pub(super) struct Log {
    /// It is for the writer to make room.
    pub(super) is_long: AtomicBool,
    /// It may hold what was erased since.
    pub(super) holds_erased: AtomicBool,
}

impl Default for Log {
    /// That of a server that was killed may hold what it has erased.
    fn default() -> Self {
        Self { is_long: AtomicBool::new(false), holds_erased: AtomicBool::new(true) }
    }
}

/// Folds the log back now and then, and empties it when it holds what was erased.
pub(super) async fn fold_back_often(options: SqliteConnectOptions, log: Arc<Log>) {
    let Ok(mut connection) = options.connect().await else { return };
    let _ = sqlx::query(EMPTY_WITHIN).execute(&mut connection).await;
    loop {
        tokio::time::sleep(FOLD_EVERY).await;
        if let Err(error) = fold_back(&mut connection, &log).await {
            tracing::warn!(%error, "the log could not be folded back");
        }
    }
}

async fn fold_back(connection: &mut SqliteConnection, log: &Log) -> sqlx::Result<()> {
    let (_, pages) = checkpoint(connection, "PRAGMA wal_checkpoint(PASSIVE)").await?;
    log.is_long.store(pages > LONG, Ordering::Relaxed);
    // What is erased from now on is for the next round.
    if log.holds_erased.swap(false, Ordering::Relaxed) {
        let emptied = checkpoint(connection, "PRAGMA wal_checkpoint(TRUNCATE)").await;
        if !matches!(emptied, Ok((false, _))) {
            log.holds_erased.store(true, Ordering::Relaxed);
        }
        emptied?;
    }
    Ok(())
}

/// Whether somebody was in the way, and how many pages the log holds.
async fn checkpoint(connection: &mut SqliteConnection, sql: &'static str) -> sqlx::Result<(bool, i64)> {
    let (busy, pages, _): (bool, i64, i64) = sqlx::query_as(sql).fetch_one(connection).await?;
    Ok((busy, pages))
}
