//! Copies of the database as a whole: for backups, and for looking at one before it is trusted.

use std::path::Path;

use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::open::{self, FILE};
use super::{Engine, Error, On, Result};

const COPY: &str = "VACUUM INTO $1";
/// What every region has had since its first version.
const FOUNDED: &str =
    "SELECT count(*) = 3 FROM sqlite_master WHERE type = 'table' AND name IN ('_sqlx_migrations', 'account', 'channel')";

const MAKE_BLOBS: &str = "CREATE TABLE backup_blob (name TEXT PRIMARY KEY, bytes BLOB NOT NULL)";
const PUT_BLOB: &str = "INSERT INTO backup_blob (name, bytes) VALUES ($1, $2)";
const HAS_BLOBS: &str = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'backup_blob'";
const BLOB_NAMES: &str = "SELECT name FROM backup_blob";
const BLOB: &str = "SELECT bytes FROM backup_blob WHERE name = $1";
const DROP_BLOBS: &str = "DROP TABLE backup_blob";

async fn connect(file: &Path) -> Result<SqliteConnection> {
    Ok(open::readers_options(file).create_if_missing(false).connect().await?)
}

/// Copies the database of a data folder, as it is at one moment, into a new or empty file. A server may go on writing
/// meanwhile. The copy is not yet on the disk for good: that is the caller's to see to.
///
/// # Errors
/// If the database can't be read or the file not be written.
pub async fn copy(folder: &Path, to: &Path) -> Result<()> {
    let to = to.to_str().ok_or_else(|| Error::Folder(format!("{} is no name the engine takes", to.display())))?;
    let mut connection = connect(&folder.join(FILE)).await?;
    sqlx::query(COPY).bind(to).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// Files that go along with a copy, in a table of their own that nothing else knows.
pub struct Blobs(SqliteConnection);

impl Blobs {
    /// Those of a copy that has none yet.
    ///
    /// # Errors
    /// If it can't be written.
    pub async fn begin(copy: &Path) -> Result<Self> {
        let mut connection = connect(copy).await?;
        sqlx::query(MAKE_BLOBS).execute(&mut connection).await?;
        Ok(Self(connection))
    }

    /// Those of a copy; `None` for one from before there were files.
    ///
    /// # Errors
    /// If it can't be read.
    pub async fn of(copy: &Path) -> Result<Option<Self>> {
        let mut connection = connect(copy).await?;
        let tables: i64 = sqlx::query_scalar(HAS_BLOBS).fetch_one(&mut connection).await?;
        if tables == 0 {
            connection.close().await?;
            return Ok(None);
        }
        Ok(Some(Self(connection)))
    }

    /// Puts a file in.
    ///
    /// # Errors
    /// If it can't be written.
    pub async fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        sqlx::query(PUT_BLOB).bind(name).bind(bytes).execute(&mut self.0).await?;
        Ok(())
    }

    /// The names of all.
    ///
    /// # Errors
    /// If they can't be read.
    pub async fn names(&mut self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(BLOB_NAMES).fetch_all(&mut self.0).await?)
    }

    /// One of them.
    ///
    /// # Errors
    /// If it can't be read.
    pub async fn get(&mut self, name: &str) -> Result<Vec<u8>> {
        Ok(sqlx::query_scalar(BLOB).bind(name).fetch_one(&mut self.0).await?)
    }

    /// Is done with them.
    ///
    /// # Errors
    /// If the engine refuses.
    pub async fn close(mut self) -> Result<()> {
        // A copy is one file, and stays one when it is read from a place that can't be written.
        sqlx::query("PRAGMA journal_mode = DELETE").execute(&mut self.0).await?;
        Ok(self.0.close().await?)
    }

    /// Takes the table out of the copy again.
    ///
    /// # Errors
    /// If it can't be written.
    pub async fn drop_all(mut self) -> Result<()> {
        sqlx::query(DROP_BLOBS).execute(&mut self.0).await?;
        sqlx::query("VACUUM").execute(&mut self.0).await?;
        Ok(self.0.close().await?)
    }
}

impl On for Blobs {
    fn engine(&mut self) -> Engine<'_> {
        Engine::Sqlite(&mut self.0)
    }
}

/// Whether a file is the database of a region, of whichever version.
///
/// # Errors
/// If it is no database at all.
pub async fn holds_a_region(file: &Path) -> Result<bool> {
    let mut connection = connect(file).await?;
    let founded = sqlx::query_scalar(FOUNDED).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(founded)
}

/// Folds the log back into the database's file, so that the file alone is the whole. Nobody else may have it open.
///
/// # Errors
/// If the engine refuses.
pub async fn fold_back(file: &Path) -> Result<()> {
    let mut connection = connect(file).await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
    Ok(connection.close().await?)
}
