//! Opening the file: the settings that durability and erasure rest on.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection};

use super::{Error, Result};

/// The database's file in the data folder.
pub const FILE: &str = "egida.db";
/// The oldest `SQLite` without the WAL-reset corruption bug (sqlite.org, release notes of 3.51.3).
const OLDEST_ENGINE: i32 = 3_051_003;
/// Readers at a time: one for each of two cores, and one more, so that a long search keeps no page waiting. Each holds
/// a page cache.
pub const READERS: u32 = 3;
/// Pages of cache, negative as `SQLite` wants it for KiB: the writer's and each reader's.
const WRITER_CACHE_KIB: &str = "-4096";
const READER_CACHE_KIB: &str = "-512";
/// Rows the engine may prepare ahead of their reader: a page and a bit.
const ROWS_AHEAD: usize = 128;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/sqlite");

/// Refuses an engine with the known corruption bug.
///
/// # Errors
/// [`Error::Folder`] naming both versions.
pub fn verify_engine() -> Result<()> {
    #[expect(unsafe_code, reason = "a version number read from the linked library; no safe wrapper exists")]
    // SAFETY: takes no argument, touches no state, may be called at any time (sqlite.org/c3ref/libversion.html).
    let linked = unsafe { libsqlite3_sys::sqlite3_libversion_number() };
    if linked < OLDEST_ENGINE {
        return Err(Error::Folder(format!("SQLite {linked} is older than {OLDEST_ENGINE}, which mends a corruption bug")));
    }
    Ok(())
}

/// Makes the folder, for this user alone, unless it is there.
///
/// # Errors
/// [`Error::Folder`].
pub fn make_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| unusable(folder, &error))
}

fn unusable(folder: &Path, error: &std::io::Error) -> Error {
    Error::Folder(format!("the data folder {} can't be used: {error}", folder.display()))
}

/// A file beside a data folder and not inside it, so that a copy of the folder doesn't hold it: `egida-data` has
/// `egida-data.record-key`.
pub fn beside(folder: &Path, what: &str) -> PathBuf {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    // Without trailing slashes and `.`, so that there is a name to add to.
    let folder: PathBuf = folder.components().collect();
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(what);
    folder.with_file_name(name)
}

/// Makes the folder and names the database's file.
pub(super) fn prepare(folder: &Path) -> Result<PathBuf> {
    make_folder(folder)?;
    let file = folder.join(FILE);
    let mut open = std::fs::OpenOptions::new();
    open.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    open.open(&file).map_err(|error| unusable(folder, &error))?;
    Ok(file)
}

fn options(file: &Path, cache: &'static str) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .row_buffer_size(ROWS_AHEAD)
        .pragma("secure_delete", "ON")
        .pragma("cache_size", cache)
        .pragma("temp_store", "MEMORY")
        .pragma("trusted_schema", "OFF")
        // The writer's transactions must not stop to tidy the log: `writer` does that on a connection of its own.
        .pragma("wal_autocheckpoint", "0")
        .disable_statement_logging()
}

/// The one connection that writes, its schema up to date.
pub(super) async fn writer(file: &Path) -> Result<SqliteConnection> {
    let mut connection = options(file, WRITER_CACHE_KIB).connect().await?;
    MIGRATIONS.run(&mut connection).await?;
    Ok(connection)
}

pub(super) fn readers_options(file: &Path) -> SqliteConnectOptions {
    options(file, READER_CACHE_KIB)
}

/// A pool that reads. `query_only` keeps a stray write from ever passing the writer by.
pub(super) fn readers(file: &Path, most: u32) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(most)
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire(false)
        .connect_lazy_with(readers_options(file).pragma("query_only", "ON"))
}
