//! Storage: one writer that commits many jobs together, a few readers beside it.
//!
//! All writes go through [`Db::write`]. The queued jobs run one after the other in one transaction, which is
//! committed once for all of them (group commit); only then are they answered, and only then do their effects
//! leave ([`AfterCommit`]). When one job of a batch fails, the batch is rolled back and each of its jobs is run
//! again alone, so that a failing job takes nobody else's work down. A job may therefore run twice and must have no
//! effect of its own outside the transaction.

mod copy;
mod direct;
mod log;
mod open;
mod setting;
mod writer;

use std::path::Path;
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqlitePool;
use sqlx::{Sqlite, SqliteConnection};

pub use copy::{Blobs, copy, fold_back, holds_a_region};
pub use direct::Direct;
#[cfg(test)]
pub use open::READERS;
pub use open::{FILE, beside, make_folder, verify_engine};
pub use setting::{set_setting, setting};
pub use writer::{AfterCommit, Tx};

/// A failure of storage. What is absent is `Ok(None)`, never an error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine refused or failed.
    #[error("storage: {0}")]
    Engine(#[from] sqlx::Error),
    /// The engine refused or failed on the writer's own thread.
    #[error("storage: {0}")]
    Direct(#[from] rusqlite::Error),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// What is stored can't be read back as what it should be.
    #[error("stored {0} is malformed")]
    Malformed(&'static str),
    /// The writer has stopped: the server is going down.
    #[error("the server is stopping")]
    Stopped,
    /// The data folder can't be used.
    #[error("{0}")]
    Folder(String),
}

impl Error {
    /// Whether trying again in a moment may help.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Stopped | Self::Engine(sqlx::Error::PoolTimedOut))
    }
}

/// Shorthand for results of storage.
pub type Result<T> = std::result::Result<T, Error>;

/// Runs a query on whichever engine the connection belongs to. The text is the same for all of them;
/// a further engine is a further arm here and nowhere else.
#[macro_export]
macro_rules! on {
    ($conn:expr, $c:ident => $query:expr) => {
        match $conn.engine() {
            $crate::base::db::Engine::Sqlite($c) => $query.await,
        }
    };
}

/// The engines that exist.
pub enum Engine<'a> {
    /// `SQLite`, bundled.
    Sqlite(&'a mut SqliteConnection),
}

/// A connection to read with.
pub struct Conn(PoolConnection<Sqlite>);

/// Something a store function can run its statement on: a reader's connection or the writer's transaction.
pub trait On: Send {
    /// The engine behind it.
    fn engine(&mut self) -> Engine<'_>;
}

impl On for Conn {
    fn engine(&mut self) -> Engine<'_> {
        Engine::Sqlite(&mut self.0)
    }
}

impl On for Tx {
    fn engine(&mut self) -> Engine<'_> {
        Engine::Sqlite(self.connection())
    }
}

/// What the engine itself finds wrong with its file, in words.
pub async fn check(conn: &mut Conn) -> Result<Vec<String>> {
    let integrity: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut *conn.0).await?;
    let mut findings: Vec<String> =
        integrity.into_iter().filter(|line| line != "ok").map(|line| format!("storage: {line}")).collect();
    let broken: Vec<(String, Option<i64>, String, i64)> =
        sqlx::query_as("PRAGMA foreign_key_check").fetch_all(&mut *conn.0).await?;
    findings.extend(broken.into_iter().map(|(table, row, to, _)| {
        let row = row.map(|row| format!(" row {row}")).unwrap_or_default();
        format!("references: {table}{row} points to a row of {to} that is not there")
    }));
    Ok(findings)
}

impl Conn {
    /// From now on everything is read as it is at this moment, whatever is written meanwhile. For a connection that is
    /// not given back: a command's, that ends with it.
    pub async fn hold_still(&mut self) -> Result<()> {
        sqlx::query("BEGIN").execute(&mut *self.0).await?;
        Ok(())
    }
}

/// The region's database.
#[derive(Clone)]
pub struct Db {
    readers: SqlitePool,
    aside: SqlitePool,
    writer: Arc<writer::Handle>,
}

impl Db {
    /// Opens the database of a data folder, creating and migrating it as needed.
    ///
    /// # Errors
    /// If the folder can't be used, the engine is too old, or a migration fails.
    pub async fn open(folder: &Path) -> Result<Self> {
        verify_engine()?;
        let file = open::prepare(folder)?;
        let writer = open::writer(&file).await?;
        let (readers, aside) = (open::readers(&file, open::READERS), open::readers(&file, 1));
        Ok(Self { readers, aside, writer: Arc::new(writer::start(writer, open::readers_options(&file))) })
    }

    /// A database without a file: for describing what would use one. Every use of it fails.
    pub fn nowhere() -> Self {
        let readers = open::readers(Path::new("/nonexistent"), 1);
        Self { aside: readers.clone(), readers, writer: Arc::new(writer::Handle::stopped()) }
    }

    /// A connection to read with. Reads see what is committed, never a transaction under way.
    pub async fn read(&self) -> Result<Conn> {
        Ok(Conn(self.readers.acquire().await?))
    }

    /// A connection for who is asked by others while these hold one of [`Db::read`], and reads briefly and asks nobody: if they all
    /// waited for one more of those, none would ever be given back.
    pub async fn read_aside(&self) -> Result<Conn> {
        Ok(Conn(self.aside.acquire().await?))
    }

    /// Runs `job` in the writer's next transaction and answers when that is durable.
    ///
    /// # Errors
    /// The job's own error, after which nothing of it is stored, or [`Error`] when storage failed.
    pub async fn write<F, T, E>(&self, job: F) -> std::result::Result<T, E>
    where
        F: AsyncFnMut(&mut Tx) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.writer.submit(job).await
    }

    /// The same for a job that awaits nothing. Jobs of this kind run without a hand-over to the engine's thread: for what
    /// happens hundreds of times a second.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_direct<F, T, E>(&self, job: F) -> std::result::Result<T, E>
    where
        F: FnMut(&mut Direct<'_>) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.writer.submit_direct(job).await
    }

    /// A number that is another one once another process has committed something. Asked on the connection that writes, so
    /// that our own commits don't count.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn commits_of_others(&self) -> Result<i64> {
        self.write_direct(|direct| Ok(direct.row("PRAGMA data_version", &[], |row| row.get(0))?.unwrap_or_default())).await
    }

    /// Finishes the queued jobs, then closes the writer and the readers.
    pub async fn close(&self) {
        self.writer.stop().await;
        self.readers.close().await;
        self.aside.close().await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::base::secret;

    async fn change(db: &Db) {
        let key = secret::token();
        let done: Result<()> = db
            .write(async move |tx| {
                on!(tx, c => sqlx::query("INSERT INTO setting (key, value) VALUES ($1, 'x')").bind(&key).execute(c))?;
                Ok(())
            })
            .await;
        done.expect("stored");
    }

    #[tokio::test]
    async fn the_commits_of_others_are_told_from_our_own() {
        let folder = std::env::temp_dir().join(format!("egida-db-{}", secret::token()));
        let (here, elsewhere) = (Db::open(&folder).await.expect("a folder"), Db::open(&folder).await.expect("the same"));
        let before = here.commits_of_others().await.expect("a number");
        change(&here).await;
        here.read().await.expect("a reader");
        assert_eq!(here.commits_of_others().await.expect("a number"), before);
        change(&elsewhere).await;
        assert_ne!(here.commits_of_others().await.expect("a number"), before);
        here.close().await;
        elsewhere.close().await;
        let _ = std::fs::remove_dir_all(folder);
    }

    /// Sixty jobs that each asked the engine's thread for its lock filled the queue of that thread, and both sides stood
    /// still for ever.
    #[tokio::test]
    async fn jobs_that_await_and_many_that_do_not_come_through_together() {
        let folder = std::env::temp_dir().join(format!("egida-db-{}", secret::token()));
        let db = Db::open(&folder).await.expect("a folder");
        let all = async {
            for _ in 0..200 {
                let direct = (0..63).map(|_| db.write_direct(|direct| direct.execute("UPDATE setting SET value = 'y'", &[])));
                let ((), direct) = tokio::join!(change(&db), futures_util::future::join_all(direct));
                assert!(direct.into_iter().all(|done: Result<usize>| done.is_ok()));
            }
        };
        tokio::time::timeout(Duration::from_mins(1), all).await.expect("nobody waits for ever");
        db.close().await;
        let _ = std::fs::remove_dir_all(folder);
    }
}
