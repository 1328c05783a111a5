//! Copies of the database as a whole: for backups, and for looking at one before it is trusted.

use std::path::Path;

use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::open::{self, FILE};
use super::{Error, Result};

const COPY: &str = "VACUUM INTO $1";
/// What every region has had since its first version.
const FOUNDED: &str =
    "SELECT count(*) = 3 FROM sqlite_master WHERE type = 'table' AND name IN ('_sqlx_migrations', 'account', 'channel')";

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
